import { streamRef } from '@cairn/domain';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createHttpService } from '../../http';
import { ComputeCloud, IMAGE_ID, type Reply } from '../compute/testing/compute-cloud';
import { identityService } from '../identity';
import { imageService } from '../image/image.service';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
export type Service = 'compute' | 'identity' | 'image';

const PATCH = 'application/openstack-images-v2.1-json-patch';

/** The three services over one log in memory and one set of read models, asked by an administrator. */
export class AllServices {
  private constructor(
    readonly compute: ComputeCloud,
    private readonly others: Readonly<Record<'identity' | 'image', NestFastifyApplication>>,
  ) {}

  static async start(): Promise<AllServices> {
    const compute = await ComputeCloud.start();
    const { application, core } = compute;
    const identity = await createHttpService(application, identityService(core.config));
    const image = await createHttpService(application, imageService(core.config));
    return new AllServices(compute, { identity, image });
  }

  /** Takes the limits off the project of the administrator. */
  async unlimited(): Promise<void> {
    const names = ['instances', 'cores', 'ram', 'server_groups', 'metadata_items', 'key_pairs'];
    const limits = Object.fromEntries(names.map((name) => [name, -1]));
    const command = { type: 'SetQuotaLimits', data: { limits, force: true } } as const;
    await this.compute.execute(streamRef('quota', 'p-admin'), command);
  }

  async close(): Promise<void> {
    for (const app of Object.values(this.others)) await app.close();
    await this.compute.close();
  }

  /** Asks with a JSON body. @param path as clients write it; for compute behind `/v2.1/{project}`. */
  async ask(service: Service, method: Method, path: string, body?: unknown): Promise<Reply> {
    if (service === 'compute') {
      const version = path.startsWith('/os-networks') ? '2.35' : '2.38'; // the last that has networks
      const headers = { ...TOKEN, 'openstack-api-version': `compute ${version}` };
      return this.compute.raw(method, `/v2.1/p-admin${path}`, headers, body);
    }
    const type = method === 'PATCH' && service === 'image' ? PATCH : 'application/json';
    const answer = await this.others[service].inject({
      method,
      url: path,
      headers: { ...TOKEN, ...(body === undefined ? {} : { 'content-type': type }) },
      ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
    });
    const text = answer.body;
    const parsed: unknown = text.startsWith('{') ? JSON.parse(text) : undefined;
    return { status: answer.statusCode, headers: answer.headers, text, body: parsed };
  }
}

const TOKEN = { 'x-auth-token': 'admin' };

/** The body of a launch. */
export const serverBody = (fields: object): object => ({
  server: { name: 'web', flavorRef: '1', imageRef: IMAGE_ID, networks: 'none', ...fields },
});

export type Shown = Readonly<Record<string, unknown>>;

export const idOf = (made: Shown): string => made['id'] as string;

/** The resource in an answer, which is in a field of it, or is all of it. */
export const partOf = (body: unknown, part: string | null): Shown =>
  (part === null ? body : (body as Record<string, unknown>)[part]) as Shown;
