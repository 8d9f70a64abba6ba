import type { NestFastifyApplication } from '@nestjs/platform-fastify';

import { ComputeCloud, IMAGE_ID } from '../../../apps/controller/src/api/openstack/compute/testing/compute-cloud';
import { microversion } from '../../../apps/controller/src/api/openstack/compute/testing/microversion';
import type { Enforcer } from '../../../apps/controller/src/policy';
import { everyService } from './every-service';

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE' | 'PATCH' | 'HEAD';

/** Every HTTP service of a controller, over one log in memory, none of them listening. */
export interface DocumentedCloud {
  /** By the service's name: `identity`, `compute`, `image`, `hosts`. */
  readonly apps: ReadonlyMap<string, NestFastifyApplication>;
  /** Things that are there, by the name that paths use for their ids. */
  readonly known: Readonly<Record<string, string>>;
  /** The rules that all services go by. */
  readonly policy: Enforcer;
  /** The status that a request gets: with a token or a stranger's, of compute in microversion 2.`minor`. */
  status(service: string, method: Method, url: string, body?: unknown, token?: string, minor?: number): Promise<number>;
  close(): Promise<void>;
}

/** The project of the token `admin` (compute-cloud.ts). */
export const PROJECT = 'p-admin';

export async function documentedCloud(): Promise<DocumentedCloud> {
  const cloud = await ComputeCloud.start();
  const apps = await everyService(cloud.application);
  const server = await cloud.launch('admin');
  await cloud.finishLaunch(server);
  return {
    apps,
    policy: cloud.core.policy,
    known: { server, image: IMAGE_ID, flavor: '1', project: PROJECT, network: await networkOf(cloud) },
    status: async (service, method, url, body, token, minor) => {
      const app = apps.get(service);
      if (app === undefined) throw new Error(`there is no service ${service}`);
      const headers = {
        host: 'localhost',
        ...(token === undefined ? {} : { 'x-auth-token': token }),
        ...(minor === undefined ? {} : microversion(minor)),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      };
      const payload = body === undefined ? {} : { payload: JSON.stringify(body) };
      return (await app.inject({ method, url, headers, ...payload })).statusCode;
    },
    close: async () => {
      await Promise.all([...apps.values()].map((app) => app.close()));
      await cloud.close();
    },
  };
}

async function networkOf(cloud: ComputeCloud): Promise<string> {
  const { body } = await cloud.ask('admin', 'GET', '/os-tenant-networks');
  return (body as { networks: { id: string }[] }).networks[0]?.id ?? '';
}
