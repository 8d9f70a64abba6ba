import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import {
  deriveId,
  hostClaimId,
  type ImageSpec,
  type LaunchRequest,
  type StreamOf,
  type Category,
  type CommandOf,
  type Answer,
  streamRef,
} from '@cairn/domain';

import { hostUp, launchOf, network } from '../../../../../../libs/domain/src/testing/model';
import { openApplication } from '../../../application/application';
import { BlobStore } from '../../../blobs';
import { parseConfig } from '../../../config';
import { systemContext } from '../../../runtime/context';
import type { Executed } from '../../../runtime/ports';
import { memoryCore } from '../../../testing/memory-core';
import { createHttpService } from '../../http';
import type { Core } from '../../../application/core';
import { encodeFiles, filesAt, type InjectedFile, userDataAt } from '../../../application/server/secrets';
import { hostsService } from '../hosts.service';

export const HOSTS = ['40570000-0000-4000-8000-000000000001', '40570000-0000-4000-8000-000000000002'] as const;
export const NETWORK = 'ae100000-0000-4000-8000-000000000001';
const FAR = '2100-01-01T00:00:00.000Z';

/** The hosts' service over a log in memory, with two hosts and a network. */
export interface HostsCloud {
  readonly app: NestFastifyApplication;
  readonly core: Core;
  readonly blobs: BlobStore;
  readonly execute: <C extends Category, M extends CommandOf<C>>(
    target: StreamOf<C>,
    command: M,
  ) => Promise<Executed<Answer<C, M['type']>>>;
  close(): Promise<void>;
}

export async function startHostsCloud(given: Partial<Core> = {}): Promise<HostsCloud> {
  const memory = await memoryCore(given);
  const config = parseConfig({ stateDir: memory.folder, ports: { metadata: 0 } });
  const core = { ...memory.core, config };
  const app = await createHttpService(await openApplication(core), hostsService(config));
  const cause = { eventId: '', correlationId: '', requestId: 'req-test' };
  const execute: HostsCloud['execute'] = (target, command) =>
    core.executor.execute(target, command, systemContext('test', core.random.uuid(), cause, core.clock));
  const cloud: HostsCloud = {
    app,
    core,
    blobs: await BlobStore.open({ root: `${memory.folder}/blobs`, maxBytes: 1024 * 1024 }),
    execute,
    close: async () => {
      await app.close();
      await memory.close();
    },
  };
  await furnish(cloud);
  return cloud;
}

async function furnish({ execute }: HostsCloud): Promise<void> {
  const hosts = HOSTS.map((hostId, i) => ({ hostId, name: `host${String(i + 1)}`, number: i + 1 }));
  const furnishings = [
    ...hosts.flatMap((host) => hostUp({ ...host, availabilityZone: `zone-${String(host.number)}` })),
    network({ networkId: NETWORK, mtu: 1_450 }),
  ];
  for (const { target, command } of furnishings) await execute(target, command);
}

/** What a server is launched with; everything else is the same for all. */
export interface Wish {
  readonly image: ImageSpec;
  readonly hostId: string;
  readonly kernel?: ImageSpec;
  readonly userData?: Buffer;
  readonly files?: readonly InjectedFile[];
  readonly configDrive?: true;
}

/** Launches a server up to its job: placed, claimed, with an address. @returns its id and its address. */
export async function launch(cloud: HostsCloud, number: number, asked: Wish): Promise<{ id: string; address: string }> {
  const id = deriveId('hosts-cloud', number);
  const instance = streamRef('instance', id);
  const { hostId, userData, files, configDrive } = asked;
  const { keyring } = cloud.core;
  const data: LaunchRequest = {
    ...request(id, number, asked),
    userData: userData === undefined ? null : await keyring.seal('project/p1', userDataAt(id), userData),
    ...(files === undefined ? {} : { files: await keyring.seal('project/p1', filesAt(id), encodeFiles(files)) }),
    ...(configDrive === undefined ? {} : { configDrive: 'iso9660' }),
  };
  await cloud.execute(instance, { type: 'LaunchInstance', data });
  await cloud.execute(instance, { type: 'RecordHostChosen', data: { attempt: 1, hostId, hostName: 'host1' } });
  const claimId = hostClaimId(id, 1);
  const capacity = { claimId, owner: instance, projectId: 'p1', amounts: { vcpus: 1, ramMb: 64, diskGb: 1 } };
  const claim = { type: 'ClaimCapacity', data: { ...capacity, notAfter: FAR, forced: false } } as const;
  await cloud.execute(streamRef('host', hostId), claim);
  await cloud.execute(instance, { type: 'RecordHostClaimed', data: { claimId } });
  const addressClaim = deriveId(id, 'address', NETWORK);
  const { answer } = await cloud.execute(streamRef('network', NETWORK), {
    type: 'AllocateAddress',
    data: { claimId: addressClaim, owner: instance, address: null, notAfter: FAR },
  });
  if (answer === undefined) throw new Error('no address was allocated');
  const allocated = { claimId: addressClaim, ...answer };
  await cloud.execute(instance, { type: 'RecordAddressAllocated', data: allocated });
  return { id, address: answer.address };
}

const request = (instanceId: string, number: number, { image, kernel }: Wish): LaunchRequest =>
  launchOf({
    instanceId,
    projectId: 'p1',
    number,
    name: `Server ${String(number)}`,
    hostname: `server-${String(number)}`,
    flavor: { flavorId: '1', name: 'm1.tiny', vcpus: 1, ramMb: 64, rootGb: 1, ephemeralGb: 0, swapMb: 0 },
    image,
    kernel: kernel ?? null,
    keyName: 'mykey',
    publicKey: 'ssh-ed25519 AAAAC3Nza tester@laptop',
    networks: [{ networkId: NETWORK, address: null }],
  });
