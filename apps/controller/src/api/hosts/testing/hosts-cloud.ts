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
  type Inventory,
} from '@cairn/domain';

import { openApplication } from '../../../application/application';
import { BlobStore } from '../../../blobs';
import { parseConfig } from '../../../config';
import { systemContext } from '../../../runtime/context';
import type { Executed } from '../../../runtime/ports';
import { memoryCore } from '../../../testing/memory-core';
import { createHttpService } from '../../http';
import type { Core } from '../../../application/core';
import { userDataAt } from '../../../application/server/user-data';
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
  for (const [i, hostId] of HOSTS.entries()) {
    const host = streamRef('host', hostId);
    const name = `host${String(i + 1)}`;
    const cpu = { arch: 'x86_64', model: '', vendor: '', sockets: 1, cores: 1, threads: 1, features: [] };
    const inventory: Inventory = {
      hostname: name,
      hostIp: '127.0.0.1',
      vcpus: 8,
      ramMb: 16_384,
      diskGb: 100,
      hypervisorType: 'fake',
      hypervisorVersion: 1_000_000,
      virtType: 'simulated',
      cpu,
    };
    const data = { hostId, name, number: i + 1, availabilityZone: `zone-${String(i + 1)}` };
    await execute(host, { type: 'EnrolHost', data });
    await execute(host, { type: 'RecordAgentStarted', data: { bootId: 'boot-1', inventory } });
  }
  const data = {
    networkId: NETWORK,
    label: 'private',
    bridge: 'br100',
    cidr: '10.0.0.0/24',
    gateway: '10.0.0.1',
    dns: [],
    domain: 'novalocal',
    mtu: 1450,
    rangeStart: null,
    rangeEnd: null,
  };
  await execute(streamRef('network', NETWORK), { type: 'CreateNetwork', data });
}

/** What a server is launched with; everything else is the same for all. */
export interface Wish {
  readonly image: ImageSpec;
  readonly hostId: string;
  readonly kernel?: ImageSpec;
  readonly userData?: Buffer;
}

/** Launches a server up to its job: placed, claimed, with an address. @returns its id and its address. */
export async function launch(cloud: HostsCloud, number: number, asked: Wish): Promise<{ id: string; address: string }> {
  const id = deriveId('hosts-cloud', number);
  const instance = streamRef('instance', id);
  const { hostId, userData } = asked;
  const sealed = userData === undefined ? null : await cloud.core.keyring.seal('project/p1', userDataAt(id), userData);
  await cloud.execute(instance, { type: 'LaunchInstance', data: { ...request(id, number, asked), userData: sealed } });
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
  const data = { claimId: addressClaim, ...answer };
  await cloud.execute(instance, { type: 'RecordAddressAllocated', data });
  return { id, address: answer.address };
}

const request = (instanceId: string, number: number, { image, kernel }: Wish): Omit<LaunchRequest, 'userData'> => ({
  instanceId,
  projectId: 'p1',
  userId: 'u1',
  number,
  reservationId: 'r-1a2b3c4d',
  launchIndex: 0,
  name: `Server ${String(number)}`,
  description: null,
  hostname: `server-${String(number)}`,
  flavor: { flavorId: '1', name: 'm1.tiny', vcpus: 1, ramMb: 64, rootGb: 1, ephemeralGb: 0, swapMb: 0 },
  image,
  kernel: kernel ?? null,
  ramdisk: null,
  keyName: 'mykey',
  publicKey: 'ssh-ed25519 AAAAC3Nza tester@laptop',
  metadata: { role: 'web' },
  availabilityZone: null,
  forcedHost: null,
  networks: [{ networkId: NETWORK, address: null }],
  securityGroups: ['default'],
  autoDiskConfig: true,
  notAfter: FAR,
});
