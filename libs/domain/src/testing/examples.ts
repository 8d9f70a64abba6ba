import type { Capacity, CapacityClaim } from '../host/events';
import type { InstanceEvent } from '../instance/events';
import type { InstanceFacts } from '../instance/spec';
import { instanceRef } from '../instance/quota';
import { addressClaimId } from '../instance/interfaces/interfaces';
import { hostClaimId } from '../instance/placement/placement';
import { after, NOW } from './given';
import { inventoryOf, launchOf, networkSpecOf, uuid } from './model/records';

export { uuid };

export const INSTANCE = uuid(1);
export const PROJECT = uuid(2);
export const HOST_A = uuid(11);
export const HOST_B = uuid(12);
export const NET = uuid(21);
export const NET_2 = uuid(22);
/** When the example's launch, and every claim for it, ends. */
export const LAUNCH_ENDS = after(1800);

export const networkSpec = networkSpecOf();

export const request = launchOf({
  flavor: { flavorId: '2', name: 'm1.small', vcpus: 1, ramMb: 2048, rootGb: 20, ephemeralGb: 1, swapMb: 1025 },
  hardware: { guestAgent: true },
  notAfter: LAUNCH_ENDS,
});

export const facts: InstanceFacts = { power: 'running', virtType: 'kvm', timings: { image: 12 }, imageCached: true };
export const stoppedFacts: InstanceFacts = { power: 'stopped', timings: {} };

export const address = {
  claimId: addressClaimId(INSTANCE, NET),
  address: '10.0.0.2',
  mac: 'fa:16:3e:00:00:01',
  network: networkSpec,
};

const hostName = (hostId: string): string => (hostId === HOST_A ? 'node-a' : 'node-b');

/** Events of an instance's life, to be strung together. */
export const lived = {
  requested: { type: 'instance.launch-requested.v1', data: { ...request, process: 1 } },
  abandoned: { type: 'instance.launch-abandoned.v1', data: { instanceId: INSTANCE } },
  allocated: { type: 'instance.address-allocated.v1', data: address },
  launched: { type: 'instance.launched.v1', data: { hostId: HOST_A, hostName: 'node-a', facts } },
  failed: { type: 'instance.launch-failed.v1', data: { code: 'scheduler.no-valid-host', message: 'No valid host' } },
  deletionRequested: { type: 'instance.deletion-requested.v1', data: { process: 1, operationId: uuid(99) } },
} as const satisfies Record<string, InstanceEvent>;

export const chosen = (attempt = 1, hostId = HOST_A): InstanceEvent => ({
  type: 'instance.host-chosen.v2',
  data: { attempt, hostId, hostName: hostName(hostId), claimId: hostClaimId(INSTANCE, attempt), purpose: 'launch' },
});

export const claimed = (attempt = 1): InstanceEvent => ({
  type: 'instance.host-claimed.v1',
  data: { claimId: hostClaimId(INSTANCE, attempt) },
});

export const refusedBy = (attempt = 1): InstanceEvent => ({
  type: 'instance.host-refused.v1',
  data: { claimId: hostClaimId(INSTANCE, attempt), code: 'host.down', message: 'Host node-a is down' },
});

export const attemptFailed = (attempt = 1, hostId = HOST_A): InstanceEvent => ({
  type: 'instance.launch-attempt-failed.v1',
  data: { attempt, hostId, code: 'disk.failed', message: 'The disk is full.' },
});

export const operation = { process: 1, operationId: NOW.commandId, notAfter: after(600) } as const;

/** A server that runs on host A. */
export const running: readonly InstanceEvent[] = [
  lived.requested,
  chosen(),
  claimed(),
  lived.allocated,
  lived.launched,
];

export const stopped: readonly InstanceEvent[] = [
  ...running,
  { type: 'instance.stop-requested.v1', data: { ...operation, operationId: uuid(50) } },
  { type: 'instance.stopped.v1', data: { operationId: uuid(50), facts: stoppedFacts } },
];

/** Of a host for one server of the example, not two. */
export const inventory = inventoryOf({ vcpus: 2, ramMb: 4001, diskGb: 100 });

export const claim = (n: number, size: Partial<Capacity> = {}): CapacityClaim => ({
  claimId: uuid(100 + n),
  owner: instanceRef(uuid(200 + n)),
  projectId: PROJECT,
  amounts: { vcpus: 1, ramMb: 2048, diskGb: 20, ...size },
});
