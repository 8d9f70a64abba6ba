import type { Context, Decider } from '../kernel/aggregate';
import type { Restarted } from '../kernel/effect';
import { DomainError, unreachable } from '../kernel/errors';
import { deriveId } from '../ids';
import { isAfter } from '../kernel/time';
import type { InstanceCommand } from './commands';
import { hostClaimId } from './debts';
import type { InstanceEvent, OperationKind } from './events';
import { evolve } from './evolve';
import { abandonCreation, undoCreation } from './settling';
import { absent, type Instance, taskState, type VmState } from './state';

/** Attempts on different hosts before a launch is given up (nova: scheduler_max_attempts). */
export const MAX_LAUNCH_ATTEMPTS = 3;

type Decide<T extends InstanceCommand['type']> = (
  command: Extract<InstanceCommand, { type: T }>,
  state: Instance,
  context: Context,
) => readonly InstanceEvent[];

const notFound = (): DomainError => new DomainError('not-found', 'instance.not-found', 'Instance could not be found.');

const exists = (state: Instance): boolean =>
  state.request !== undefined && state.vmState !== 'absent' && state.vmState !== 'deleted';

/** The instance, or the refusal that a tenant gets for one that is not there. */
function require(state: Instance): NonNullable<Instance['request']> {
  if (!exists(state) || state.request === undefined) throw notFound();
  return state.request;
}

/** Refuses as nova does: 409 with the state that is in the way (compute.md, section 2). */
function requireState(
  action: string,
  state: Instance,
  allowed: readonly VmState[],
  tasks: readonly string[] = [],
): void {
  const { instanceId } = require(state);
  const task = taskState(state);
  if (!allowed.includes(state.vmState)) refuse(action, instanceId, 'vm_state', state.vmState);
  if (task !== null && !tasks.includes(task)) refuse(action, instanceId, 'task_state', task);
}

function refuse(action: string, instanceId: string, attribute: string, value: string): never {
  const message = `Cannot '${action}' instance ${instanceId} while it is in ${attribute} ${value}`;
  throw new DomainError('conflict', 'instance.invalid-state', message, { action, [attribute]: value });
}

/** An operation on the host needs a host: a server that never was on one can only be deleted. */
function requireHost(action: string, state: Instance): void {
  if (state.host !== undefined) return;
  const message = `Cannot '${action}' instance ${require(state).instanceId} which has never been active`;
  throw new DomainError('conflict', 'instance.never-launched', message);
}

const launch: Decide<'LaunchInstance'> = (command, state) => {
  if (state.vmState !== 'absent') {
    throw new DomainError('conflict', 'instance.exists', `Instance ${command.data.instanceId} already exists.`);
  }
  return [{ type: 'instance.launch-requested.v1', data: { ...command.data, process: 1 } }];
};

const stop: Decide<'StopInstance'> = ({ data }, state, { commandId }) => {
  requireState('stop', state, ['active', 'error']);
  requireHost('stop', state);
  return [{ type: 'instance.stop-requested.v1', data: { ...data, process: 1, operationId: commandId } }];
};

const start: Decide<'StartInstance'> = ({ data }, state, { commandId }) => {
  requireState('start', state, ['stopped']);
  requireHost('start', state);
  return [{ type: 'instance.start-requested.v1', data: { ...data, process: 1, operationId: commandId } }];
};

const reboot: Decide<'RebootInstance'> = ({ data }, state, { commandId }) => {
  if (state.operation?.operationId === commandId) return []; // a hard reboot may take over another, not itself
  if (data.rebootType === 'soft') requireState('reboot', state, ['active']);
  else requireState('reboot', state, ['active', 'stopped', 'error'], ['rebooting', 'rebooting_hard']);
  requireHost('reboot', state);
  return [{ type: 'instance.reboot-requested.v1', data: { ...data, process: 1, operationId: commandId } }];
};

const remove: Decide<'DeleteInstance'> = (_command, state, { commandId }) => {
  require(state);
  if (state.deletion !== undefined) return [];
  return [{ type: 'instance.deletion-requested.v1', data: { process: 1, operationId: commandId } }];
};

const rename: Decide<'RenameInstance'> = ({ data }, state) =>
  require(state).name === data.name ? [] : [{ type: 'instance.renamed.v1', data }];

const describeInstance: Decide<'DescribeInstance'> = ({ data }, state) =>
  require(state).description === data.description ? [] : [{ type: 'instance.described.v1', data }];

const replaceMetadata: Decide<'ReplaceMetadata'> = ({ data }, state) => {
  requireState('update metadata', state, ['active', 'stopped', 'error'], ['powering-on', 'powering-off', 'rebooting']);
  return [{ type: 'instance.metadata-replaced.v1', data }];
};

const changeMetadata: Decide<'ChangeMetadata'> = ({ data: { set, remove, limit } }, state, context) => {
  const before = require(state).metadata;
  const kept = Object.entries(before).filter(([key]) => !remove.includes(key));
  const metadata = Object.fromEntries([...kept, ...Object.entries(set)]);
  if (limit >= 0 && Object.keys(metadata).length > limit) {
    const message = `Maximum number of metadata items exceeds ${String(limit)}`;
    throw new DomainError('quota', 'instance.too-much-metadata', message);
  }
  return replaceMetadata({ type: 'ReplaceMetadata', data: { metadata } }, state, context);
};

/** True while the launch goes on and has no host: only then is a scheduler's choice of use. */
const awaitsPlacement = (state: Instance): boolean =>
  state.launch !== undefined && state.host === undefined && state.debts.length === 0;

const recordHostChosen: Decide<'RecordHostChosen'> = ({ data }, state) => {
  if (!awaitsPlacement(state) || data.attempt !== (state.launch?.attempt ?? 0) + 1) return [];
  return [
    {
      type: 'instance.host-chosen.v1',
      data: { ...data, claimId: hostClaimId(require(state).instanceId, data.attempt) },
    },
  ];
};

const recordHostClaimed: Decide<'RecordHostClaimed'> = ({ data }, state) => {
  if (state.launch === undefined || state.host?.claimId !== data.claimId || state.host.claimed) return [];
  return [{ type: 'instance.host-claimed.v1', data }];
};

const recordHostRefused: Decide<'RecordHostRefused'> = ({ data }, state) => {
  if (state.launch === undefined || state.host?.claimId !== data.claimId || state.host.claimed) return [];
  const refused: InstanceEvent = { type: 'instance.host-refused.v1', data };
  return state.host.attempt < MAX_LAUNCH_ATTEMPTS ? [refused] : [refused, exhausted(state, data.message)];
};

const exhausted = (state: Instance, last: string): InstanceEvent => ({
  type: 'instance.launch-failed.v1',
  data: {
    code: 'scheduler.no-valid-host',
    message:
      `No valid host was found. Exceeded maximum number of ${String(MAX_LAUNCH_ATTEMPTS)} attempts for instance ` +
      `${require(state).instanceId}. Last reason: ${last}`,
  },
});

const recordAddress: Decide<'RecordAddressAllocated'> = ({ data }, state) => {
  if (state.launch === undefined || state.addresses.some(({ claimId }) => claimId === data.claimId)) return [];
  return [{ type: 'instance.address-allocated.v1', data }];
};

/**
 * The host tells the outcome that it fixed before it lost power: the guest ran then, and must be made to run again. The
 * notice of the start has passed by already, when the instance was not yet where it is now.
 */
const restoredAfter = (restarted: Restarted | null, { commandId }: Context): readonly InstanceEvent[] =>
  restarted === null
    ? []
    : [
        {
          type: 'instance.host-restarted.v1',
          data: { ...restarted, process: 1, operationId: deriveId(commandId, 'restore') },
        },
      ];

const recordLaunched: Decide<'RecordLaunched'> = ({ data }, state, context) => {
  const { host, launch: ongoing } = state;
  if (ongoing === undefined || host?.claimed !== true || data.generation !== state.generation) return [];
  const { hostId, hostName } = host;
  const launched: InstanceEvent = { type: 'instance.launched.v1', data: { hostId, hostName, facts: data.facts } };
  return [launched, ...restoredAfter(data.restarted, context)];
};

const recordAttemptFailed: Decide<'RecordAttemptFailed'> = ({ data }, state, { at }) => {
  const { host, launch: ongoing } = state;
  if (ongoing === undefined || host === undefined || data.generation !== state.generation) return [];
  const { code, message } = data;
  if (data.permanent) {
    return [{ type: 'instance.launch-failed.v1', data: { code, message: `No valid host was found. ${message}` } }];
  }
  const failed: InstanceEvent = {
    type: 'instance.launch-attempt-failed.v1',
    data: { attempt: host.attempt, hostId: host.hostId, code, message },
  };
  const last = host.attempt >= MAX_LAUNCH_ATTEMPTS || !isAfter(ongoing.notAfter, at);
  return last ? [failed, exhausted(state, message)] : [failed];
};

const failLaunch: Decide<'FailLaunch'> = ({ data }, state) =>
  state.launch === undefined ? [] : [{ type: 'instance.launch-failed.v1', data }];

/** A stopped guest stays stopped; an operation under way will itself bring the guest to where it should be. */
const recordHostRestarted: Decide<'RecordHostRestarted'> = ({ data }, state, { commandId }) => {
  const { bootId, hostId, notAfter } = data;
  if (state.operation?.operationId === commandId) return [];
  if (state.vmState !== 'active' || state.host?.hostId !== hostId || state.deletion !== undefined) return [];
  if (state.operation !== undefined && state.operation.kind !== 'restore') return [];
  return [{ type: 'instance.host-restarted.v1', data: { process: 1, operationId: commandId, notAfter, bootId } }];
};

const DONE: Readonly<
  Record<OperationKind, 'instance.stopped.v1' | 'instance.started.v1' | 'instance.rebooted.v1' | 'instance.restored.v1'>
> = {
  stop: 'instance.stopped.v1',
  start: 'instance.started.v1',
  reboot: 'instance.rebooted.v1',
  restore: 'instance.restored.v1',
};

const recordOperationDone: Decide<'RecordOperationDone'> = ({ data }, { operation }, context) => {
  const { operationId, facts, restarted } = data;
  if (operation?.operationId !== operationId) return [];
  const done: InstanceEvent = { type: DONE[operation.kind], data: { operationId, facts } };
  return operation.kind === 'stop' ? [done] : [done, ...restoredAfter(restarted, context)];
};

const recordOperationFailed: Decide<'RecordOperationFailed'> = ({ data }, { operation }) =>
  operation?.operationId === data.operationId
    ? [{ type: 'instance.operation-failed.v1', data: { ...data, kind: operation.kind } }]
    : [];

const recordReleased: Decide<'RecordReleased'> = ({ data }, state) => {
  const debt = state.debts.find(({ id }) => id === data.debtId);
  if (debt === undefined) return [];
  const released: InstanceEvent = { type: 'instance.released.v1', data: { debtId: debt.id, kind: debt.kind } };
  if (state.deletion === undefined || state.debts.length > 1) return [released];
  return [released, { type: 'instance.deleted.v1', data: { instanceId: state.request?.instanceId ?? '' } }];
};

const recordRemovalFailed: Decide<'RecordRemovalFailed'> = ({ data }, state) => {
  const debt = state.debts.find(({ id }) => id === data.debtId);
  return debt?.kind === 'domain' && debt.attempt === data.attempt ? [{ type: 'instance.removal-failed.v1', data }] : [];
};

function decide(command: InstanceCommand, state: Instance, context: Context): readonly InstanceEvent[] {
  switch (command.type) {
    case 'LaunchInstance':
      return launch(command, state, context);
    case 'AbandonCreation':
      return abandonCreation(command.data.id, state);
    case 'UndoCreation':
      return undoCreation(command.data, state, context);
    case 'StopInstance':
      return stop(command, state, context);
    case 'StartInstance':
      return start(command, state, context);
    case 'RebootInstance':
      return reboot(command, state, context);
    case 'DeleteInstance':
      return remove(command, state, context);
    case 'RenameInstance':
      return rename(command, state, context);
    case 'DescribeInstance':
      return describeInstance(command, state, context);
    case 'ReplaceMetadata':
      return replaceMetadata(command, state, context);
    case 'ChangeMetadata':
      return changeMetadata(command, state, context);
    case 'RecordHostChosen':
      return recordHostChosen(command, state, context);
    case 'RecordHostClaimed':
      return recordHostClaimed(command, state, context);
    case 'RecordHostRefused':
      return recordHostRefused(command, state, context);
    case 'RecordAddressAllocated':
      return recordAddress(command, state, context);
    case 'RecordLaunched':
      return recordLaunched(command, state, context);
    case 'RecordAttemptFailed':
      return recordAttemptFailed(command, state, context);
    case 'FailLaunch':
      return failLaunch(command, state, context);
    case 'RecordHostRestarted':
      return recordHostRestarted(command, state, context);
    case 'RecordOperationDone':
      return recordOperationDone(command, state, context);
    case 'RecordOperationFailed':
      return recordOperationFailed(command, state, context);
    case 'RecordReleased':
      return recordReleased(command, state, context);
    case 'RecordRemovalFailed':
      return recordRemovalFailed(command, state, context);
    default:
      return unreachable(command);
  }
}

export const instanceDecider: Decider<Instance, InstanceCommand, InstanceEvent> = { initial: absent, decide, evolve };
