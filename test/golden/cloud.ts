import {
  type Inventory,
  type LaunchRequest,
  type NetworkSpec,
  serverReservation,
  type StreamRef,
  streamRef,
} from '@cairn/domain';
import type { Host, Stage } from './stage';

/** The things of a small cloud, as streams. */
export interface Cloud {
  readonly server: StreamRef;
  readonly quota: StreamRef;
  readonly network: StreamRef;
  readonly a: Host;
  readonly b: Host;
  readonly hostA: StreamRef;
  readonly hostB: StreamRef;
}

export const cloudOf = ({ id }: Stage): Cloud => {
  const a = { hostId: id('host a'), hostName: 'node-a' };
  const b = { hostId: id('host b'), hostName: 'node-b' };
  return {
    server: streamRef('instance', id('server')),
    quota: streamRef('quota', id('project')),
    network: streamRef('network', id('network')),
    a,
    b,
    hostA: streamRef('host', a.hostId),
    hostB: streamRef('host', b.hostId),
  };
};

const networkSpec = ({ id }: Stage): NetworkSpec => ({
  networkId: id('network'),
  label: 'private',
  bridge: 'br100',
  cidr: '10.0.0.0/24',
  gateway: '10.0.0.1',
  dns: ['192.0.2.53'],
  domain: 'novalocal',
  mtu: 1500,
});

export const inventory = (hostname: string): Inventory => ({
  hostname,
  hostIp: '192.0.2.10',
  vcpus: 4,
  ramMb: 7_900,
  diskGb: 100,
  hypervisorType: 'QEMU',
  hypervisorVersion: 7_002_000,
  virtType: 'kvm',
  cpu: { arch: 'x86_64', model: 'EPYC', vendor: 'AMD', sockets: 1, cores: 2, threads: 2, features: ['svm', 'aes'] },
});

export const createNetwork = (stage: Stage): { type: string; data: object } => ({
  type: 'CreateNetwork',
  data: { ...networkSpec(stage), rangeStart: null, rangeEnd: '10.0.0.9' },
});

/** Two hosts that are up, and a network. */
export async function furnish(stage: Stage): Promise<Cloud> {
  const cloud = cloudOf(stage);
  await stage.ask(cloud.network, createNetwork(stage), 'cli');
  for (const [i, { hostId, hostName }] of [cloud.a, cloud.b].entries()) {
    const host = streamRef('host', hostId);
    const data = { hostId, name: hostName, number: i + 1, availabilityZone: 'nova' };
    await stage.ask(host, { type: 'EnrolHost', data }, 'cli');
    await stage.tell(host, {
      type: 'RecordAgentStarted',
      data: { bootId: stage.id(`boot of ${hostName}`), inventory: inventory(hostName) },
    });
  }
  return cloud;
}

export const requestOf = (stage: Stage): LaunchRequest => ({
  instanceId: stage.id('server'),
  projectId: stage.id('project'),
  userId: stage.id('user'),
  number: 26,
  reservationId: 'r-golden01',
  launchIndex: 0,
  name: 'web',
  description: null,
  hostname: 'web',
  flavor: { flavorId: '2', name: 'm1.small', vcpus: 1, ramMb: 2048, rootGb: 20, ephemeralGb: 0, swapMb: 512 },
  image: { imageId: stage.id('image'), sha256: 'ab'.repeat(32), sizeBytes: 20_971_520, format: 'qcow2' },
  kernel: null,
  ramdisk: null,
  keyName: 'laptop',
  publicKey: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGolden laptop',
  metadata: { role: 'web' },
  userData: { keyId: stage.id('data key'), ciphertext: 'bm90IGEgc2VjcmV0' },
  availabilityZone: null,
  forcedHost: null,
  networks: [{ networkId: stage.id('network'), address: null }],
  securityGroups: ['default'],
  autoDiskConfig: true,
  notAfter: stage.in(1800),
});

export const reserve = (stage: Stage): { type: string; data: object } => ({
  type: 'ReserveQuota',
  data: { reservations: [serverReservation(stage.id('server'), { vcpus: 1, ramMb: 2048 })] },
});

/** A server as it is asked for: quota reserved, launch begun, reservation confirmed. */
export async function askForServer(stage: Stage): Promise<Cloud> {
  const cloud = await furnish(stage);
  await stage.ask(cloud.quota, reserve(stage));
  await stage.ask(cloud.server, { type: 'LaunchInstance', data: requestOf(stage) });
  await stage.ask(cloud.quota, { type: 'ConfirmQuota', data: { owners: [cloud.server] } });
  return cloud;
}

/** A server whose launch waits for host A. */
export async function placeOnA(stage: Stage): Promise<Cloud> {
  const cloud = await askForServer(stage);
  await stage.carryOut(cloud.server, 'AllocateAddress');
  await stage.carryOut(cloud.server, 'place', cloud.a);
  await stage.carryOut(cloud.server, 'ClaimCapacity');
  return cloud;
}

export const running = {
  power: 'running',
  virtType: 'kvm',
  timings: { image: 1200, disk: 90, start: 800 },
  imageCached: false,
} as const;
export const stopped = { power: 'stopped', timings: { stop: 4100 } } as const;
export const removed = { power: 'absent', timings: { remove: 300 } } as const;

/** A server that runs on host A. */
export async function runOnA(stage: Stage): Promise<Cloud> {
  const cloud = await placeOnA(stage);
  await stage.answer(cloud.server, 'ensure-instance', running);
  return cloud;
}

/** Deletes the server to the end. */
export async function removeServer(stage: Stage, { server }: Cloud): Promise<void> {
  await stage.ask(server, { type: 'DeleteInstance', data: {} });
  await stage.answer(server, 'remove-instance', removed);
  await stage.carryOutAll(server);
}
