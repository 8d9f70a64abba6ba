import { deriveId } from '../ids';
import type { CommandEffect, Effect, JobEffect, Refusal } from '../kernel/effect';
import { addressClaimId, hostClaimId } from './debts';
import type { PlacementRequest } from '../host/placement';
import type { InstanceCommand } from './commands';
import { instanceJob } from './jobs';
import { instanceRef } from './quota';
import { operationJob } from './operations/due';
import { diskGb, instanceSpec, requestOf } from './spec-of';
import type { Debt, Instance } from './state';
import type { AllocatedAddress } from '../network/state';

/** What an instance owes: its launch, an operation on its host, things to give back. A function of its state alone. */
export function due(state: Instance): readonly Effect[] {
  if (state.request === undefined || state.vmState === 'deleted') return [];
  const owed = dueDebts(state);
  if (state.deletion !== undefined) return owed;
  if (state.launch !== undefined) return [...owed, ...dueLaunch(state)];
  return state.operation === undefined ? owed : [...owed, operationJob(state, state.operation)];
}

const command = (type: InstanceCommand['type'], data: object): { type: string; data: object } => ({ type, data });

/** Addresses and placement do not wait for each other; the job waits for both. */
function dueLaunch(state: Instance): readonly Effect[] {
  const request = requestOf(state);
  const effects: Effect[] = request.networks
    .filter(({ networkId }) => state.addresses.every(({ network }) => network.networkId !== networkId))
    .map(({ networkId, address }) => allocateAddress(state, networkId, address));
  if (state.host === undefined) return [...effects, place(state)];
  if (!state.host.claimed) return [...effects, claimHost(state)];
  return effects.length > 0 ? effects : [launchJob(state)];
}

function place(state: Instance): Effect {
  const { instanceId, projectId, flavor, availabilityZone, forcedHost } = requestOf(state);
  const { attempt = 0, excludedHosts = [], lastReason = null, notAfter = '' } = state.launch ?? {};
  const last = lastReason === null ? '' : ` The last attempt failed: ${lastReason}`;
  const fail = ({ code, message }: Refusal): { type: string; data: object } =>
    command('FailLaunch', { code, message: message + last });
  const request: PlacementRequest = {
    instanceId,
    claimId: hostClaimId(instanceId, attempt + 1),
    projectId,
    vcpus: flavor.vcpus,
    ramMb: flavor.ramMb,
    diskGb: diskGb(flavor),
    availabilityZone,
    forcedHost,
    excludedHosts,
  };
  return {
    kind: 'place',
    id: deriveId(instanceId, 'place', attempt + 1),
    request,
    onDone: (choice) => command('RecordHostChosen', { ...choice, attempt: attempt + 1 }),
    onRefused: fail,
    // while a failed attempt is being cleared away (its host may be dead) nothing is chosen, but the launch ends in time
    ...(state.debts.length > 0 ? { notBefore: notAfter } : {}),
    dueBy: notAfter,
    onExpired: fail({ code: 'instance.launch-timeout', message: LAUNCH_TIMEOUT, permanent: true }),
  };
}

const LAUNCH_TIMEOUT = 'No valid host was found. The launch did not end in time.';

function claimHost(state: Instance): CommandEffect {
  const { instanceId, projectId, flavor, notAfter, forcedHost } = requestOf(state);
  const { hostId = '', claimId = '' } = state.host ?? {};
  return {
    kind: 'command',
    id: deriveId(claimId, 'claim'),
    target: { category: 'host', id: hostId },
    command: {
      type: 'ClaimCapacity',
      data: {
        claimId,
        owner: instanceRef(instanceId),
        projectId,
        amounts: { vcpus: flavor.vcpus, ramMb: flavor.ramMb, diskGb: diskGb(flavor) },
        notAfter,
        forced: forcedHost !== null,
      },
    },
    onDone: () => command('RecordHostClaimed', { claimId }),
    onRefused: ({ code, message }) => command('RecordHostRefused', { claimId, code, message }),
  };
}

function allocateAddress(state: Instance, networkId: string, wanted: string | null): CommandEffect {
  const { instanceId, notAfter } = requestOf(state);
  const claimId = addressClaimId(instanceId, networkId);
  return {
    kind: 'command',
    id: deriveId(claimId, 'allocate'),
    target: { category: 'network', id: networkId },
    command: { type: 'AllocateAddress', data: { claimId, owner: instanceRef(instanceId), address: wanted, notAfter } },
    onDone: (answer) => command('RecordAddressAllocated', { claimId, ...(answer as AllocatedAddress) }),
    onRefused: ({ code, message }) => command('FailLaunch', { code, message }),
  };
}

function launchJob(state: Instance): JobEffect {
  const { instanceId, notAfter } = requestOf(state);
  const { generation } = state;
  const failed = (refusal: Refusal): { type: string; data: object } =>
    command('RecordAttemptFailed', { generation, ...refusal });
  return {
    kind: 'job',
    id: deriveId(instanceId, 'launch', generation),
    hostId: state.host?.hostId ?? '',
    job: instanceJob('ensure-instance', instanceId, generation, { spec: instanceSpec(state, 'running') }),
    onDone: (facts, restarted) => command('RecordLaunched', { generation, facts, restarted }),
    onRefused: failed,
    dueBy: notAfter,
    onExpired: failed({
      code: 'instance.launch-timeout',
      message: 'The host did not answer in time.',
      permanent: false,
    }),
  };
}

/** A claim or an address goes back only when no domain that uses it is left; quota waits for nothing. */
function dueDebts(state: Instance): readonly Effect[] {
  const domainLeft = state.debts.some(({ kind }) => kind === 'domain');
  return state.debts
    .filter(({ kind }) => !domainLeft || kind === 'domain' || kind === 'quota')
    .map((debt) => settle(state, debt));
}

function settle(state: Instance, debt: Debt): Effect {
  const { instanceId, projectId, notAfter } = requestOf(state);
  const released = (): { type: string; data: object } => command('RecordReleased', { debtId: debt.id });
  const release = (category: string, id: string, type: string, data: object): CommandEffect => ({
    kind: 'command',
    id: debt.id,
    target: { category, id },
    command: { type, data },
    onDone: released,
    onRefused: released, // what holds it is gone, and it with it
  });
  switch (debt.kind) {
    case 'domain':
      return {
        kind: 'job',
        id: deriveId(debt.id, debt.attempt),
        hostId: debt.hostId,
        job: instanceJob('remove-instance', instanceId, debt.generation, {}),
        ...(debt.notBefore === null ? {} : { notBefore: debt.notBefore }),
        onDone: released,
        // a removal is never given up: it stays owed, as a new attempt, until the host has done it
        onRefused: ({ code, message }) =>
          command('RecordRemovalFailed', { debtId: debt.id, attempt: debt.attempt, code, message }),
      };
    case 'host-claim':
      return release('host', debt.hostId, 'ReleaseCapacity', { claimId: debt.claimId, notAfter });
    case 'address':
      return release('network', debt.networkId, 'ReleaseAddress', { claimId: debt.claimId, notAfter });
    case 'quota':
      return release('quota', projectId, 'ReleaseQuota', { owner: instanceRef(instanceId) });
  }
}
