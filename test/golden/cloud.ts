import { type Inventory, type LaunchRequest, serverReservation, type StreamRef, streamRef } from '@cairn/domain';
import {
  agentStarted,
  enrolled,
  type Furnishing,
  inventoryOf,
  launchOf,
  network,
} from '../../libs/domain/src/testing/model';
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

export const inventory = (hostname: string): Inventory =>
  inventoryOf({
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

export const createNetwork = ({ id }: Stage): Furnishing =>
  network({ networkId: id('network'), dns: ['192.0.2.53'] }, '10.0.0.9');

/** Two hosts that are up, and a network. */
export async function furnish(stage: Stage): Promise<Cloud> {
  const cloud = cloudOf(stage);
  const made = createNetwork(stage);
  await stage.ask(made.target, made.command, 'cli');
  for (const [i, { hostId, hostName }] of [cloud.a, cloud.b].entries()) {
    const enrol = enrolled({ hostId, name: hostName, number: i + 1 });
    await stage.ask(enrol.target, enrol.command, 'cli');
    const start = agentStarted(hostId, stage.id(`boot of ${hostName}`), inventory(hostName));
    await stage.tell(start.target, start.command);
  }
  return cloud;
}

export const requestOf = (stage: Stage, over: Partial<LaunchRequest> = {}): LaunchRequest =>
  launchOf({
    instanceId: stage.id('server'),
    projectId: stage.id('project'),
    userId: stage.id('user'),
    reservationId: 'r-golden01',
    flavor: { flavorId: '2', name: 'm1.small', vcpus: 1, ramMb: 2048, rootGb: 20, ephemeralGb: 0, swapMb: 512 },
    image: { imageId: stage.id('image'), sha256: 'ab'.repeat(32), sizeBytes: 20_971_520, format: 'qcow2' },
    publicKey: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGolden laptop',
    userData: { keyId: stage.id('data key'), ciphertext: 'bm90IGEgc2VjcmV0' },
    networks: [{ networkId: stage.id('network'), address: null }],
    notAfter: stage.in(1800),
    ...over,
  });

export const reserve = (stage: Stage): { type: string; data: object } => ({
  type: 'ReserveQuota',
  data: { reservations: [serverReservation(stage.id('server'), { vcpus: 1, ramMb: 2048 })] },
});

/** A server as it is asked for: quota reserved, launch begun, reservation confirmed. */
export async function askForServer(stage: Stage, over: Partial<LaunchRequest> = {}): Promise<Cloud> {
  const cloud = await furnish(stage);
  await stage.ask(cloud.quota, reserve(stage));
  await stage.ask(cloud.server, { type: 'LaunchInstance', data: requestOf(stage, over) });
  await stage.ask(cloud.quota, { type: 'ConfirmQuota', data: { owners: [cloud.server] } });
  return cloud;
}

/** A server whose launch waits for host A. */
export async function placeOnA(stage: Stage, over: Partial<LaunchRequest> = {}): Promise<Cloud> {
  const cloud = await askForServer(stage, over);
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
export async function runOnA(stage: Stage, over: Partial<LaunchRequest> = {}): Promise<Cloud> {
  const cloud = await placeOnA(stage, over);
  await stage.answer(cloud.server, 'ensure-instance', running);
  return cloud;
}

/** Deletes the server to the end. */
export async function removeServer(stage: Stage, { server }: Cloud): Promise<void> {
  await stage.ask(server, { type: 'DeleteInstance', data: {} });
  await stage.answer(server, 'remove-instance', removed);
  await stage.carryOutAll(server);
}
