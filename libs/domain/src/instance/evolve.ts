import type { Context } from '../kernel/aggregate';
import { unreachable } from '../kernel/errors';
import { type Instant, later } from '../kernel/time';
import { addressDebts, hostDebts, quotaDebt, withDebts } from './debts';
import type { InstanceEvent } from './events';
import type { Debt, Instance, Operation } from './state';

/** Folds one event. Never throws on known history. */
export function evolve(state: Instance, event: InstanceEvent, context: Context): Instance {
  switch (event.type) {
    case 'instance.launch-requested.v1': {
      const { process: _process, ...request } = event.data;
      const launch = { attempt: 0, excludedHosts: [], lastReason: null, notAfter: request.notAfter };
      return { ...state, vmState: 'building', request, launch };
    }
    case 'instance.launch-abandoned.v1':
      return { ...state, vmState: 'deleted' };
    case 'instance.launch-undone.v1':
      return state; // says why it is deleted
    case 'instance.host-chosen.v1':
      return { ...state, generation: state.generation + 1, host: { ...event.data, claimed: false } };
    case 'instance.host-claimed.v1':
      return state.host === undefined ? state : { ...state, host: { ...state.host, claimed: true } };
    case 'instance.host-refused.v1':
      return afterRefusal(state, event.data.message);
    case 'instance.address-allocated.v1':
      return { ...state, addresses: [...state.addresses, event.data] };
    case 'instance.launch-attempt-failed.v1':
      return afterFailedAttempt(state, event.data.message);
    case 'instance.launched.v1':
      return { ...state, vmState: 'active', launch: undefined, everLaunched: true };
    case 'instance.launch-failed.v1':
      return afterFailedLaunch(state, { ...event.data, at: context.at });
    case 'instance.stop-requested.v1':
      return begin(state, { ...event.data, kind: 'stop', rebootType: null });
    case 'instance.start-requested.v1':
      return begin(state, { ...event.data, kind: 'start', rebootType: null });
    case 'instance.reboot-requested.v1':
      return begin(state, { ...event.data, kind: 'reboot' });
    case 'instance.host-restarted.v1':
      return begin(state, { ...event.data, kind: 'restore', rebootType: null });
    case 'instance.stopped.v1':
      return { ...state, vmState: 'stopped', operation: undefined, fault: undefined };
    case 'instance.started.v1':
    case 'instance.rebooted.v1':
    case 'instance.restored.v1':
      return { ...state, vmState: 'active', operation: undefined, fault: undefined };
    case 'instance.operation-failed.v1': {
      const { code, message } = event.data;
      return { ...state, vmState: 'error', operation: undefined, fault: { code, message, at: context.at } };
    }
    case 'instance.renamed.v1':
      return state.request === undefined ? state : { ...state, request: { ...state.request, name: event.data.name } };
    case 'instance.described.v1':
      if (state.request === undefined) return state;
      return { ...state, request: { ...state.request, description: event.data.description } };
    case 'instance.metadata-replaced.v1':
      if (state.request === undefined) return state;
      return { ...state, request: { ...state.request, metadata: event.data.metadata } };
    case 'instance.deletion-requested.v1':
      return afterDeletionRequested(state, event.data.operationId);
    case 'instance.released.v1':
      return afterRelease(state, event.data.debtId);
    case 'instance.removal-failed.v1':
      return { ...state, debts: state.debts.map((debt) => afterFailedRemoval(debt, event.data, context.at)) };
    case 'instance.deleted.v1':
      return { ...state, vmState: 'deleted' };
    default:
      return unreachable(event);
  }
}

const begin = (state: Instance, operation: Operation): Instance => ({
  ...state,
  generation: state.generation + 1,
  operation: {
    kind: operation.kind,
    operationId: operation.operationId,
    notAfter: operation.notAfter,
    rebootType: operation.rebootType,
  },
});

/** The host is not asked again in this launch. */
function withoutHost(state: Instance, lastReason: string): Instance {
  const { launch, host } = state;
  if (launch === undefined || host === undefined) return { ...state, host: undefined };
  return {
    ...state,
    host: undefined,
    launch: { ...launch, attempt: host.attempt, excludedHosts: [...launch.excludedHosts, host.hostId], lastReason },
  };
}

/**
 * Another controller may be about to make the same claim, at a moment when the host would accept it: the release leaves
 * a tombstone, and the claim is refused for good.
 */
const afterRefusal = (state: Instance, reason: string): Instance => ({
  ...withoutHost(state, reason),
  debts: withDebts(state.debts, hostDebts(state, state.generation)),
});

/** The addresses stay with the instance; its host's domain and claim must be gone before the next attempt. */
function afterFailedAttempt(state: Instance, reason: string): Instance {
  const generation = state.generation + 1;
  return { ...withoutHost(state, reason), generation, debts: withDebts(state.debts, hostDebts(state, generation)) };
}

/** Everything but the quota is given back: a server in ERROR counts until it is deleted, as in nova. */
function afterFailedLaunch(state: Instance, fault: NonNullable<Instance['fault']>): Instance {
  const generation = state.generation + 1;
  const debts = withDebts(state.debts, [...hostDebts(state, generation), ...addressDebts(state)]);
  return { ...state, vmState: 'error', launch: undefined, host: undefined, addresses: [], generation, debts, fault };
}

function afterDeletionRequested(state: Instance, operationId: string): Instance {
  const generation = state.generation + 1;
  const instanceId = state.request?.instanceId ?? '';
  const debts = withDebts(state.debts, [
    ...hostDebts(state, generation),
    ...addressDebts(state),
    quotaDebt(instanceId),
  ]);
  return { ...state, deletion: { operationId }, launch: undefined, operation: undefined, generation, debts };
}

/** Each try waits twice as long as the one before, from 2 s to 5 min. */
function afterFailedRemoval(debt: Debt, failed: { debtId: string; attempt: number }, at: Instant): Debt {
  if (debt.id !== failed.debtId || debt.kind !== 'domain') return debt;
  const wait = Math.min(2 ** failed.attempt, 300) * 1000;
  return { ...debt, attempt: failed.attempt + 1, notBefore: later(at, wait) };
}

const afterRelease = (state: Instance, debtId: string): Instance => ({
  ...state,
  debts: state.debts.filter(({ id }) => id !== debtId),
});
