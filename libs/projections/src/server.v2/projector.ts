import {
  type ImmediateEvent,
  type InstanceEvent,
  type InstanceFacts,
  isOperationEvent,
  type OperationEvent,
  operationEvents,
  hostOperationNamed,
  newPortId,
  operationStep,
  RESET,
  targetOf,
  unreachable,
} from '@cairn/domain';
import { existing, type Projected, type Projection } from '../projection';
import {
  idle,
  launching,
  NO_HOST,
  requestedRow,
  rootDeviceOf,
  type ServerChange,
  sortedTags,
  withAddresses,
} from './launch';
import { isMoveStep, moving, standing } from './moving';
import { type PowerState, type ServerAddress, ServerRow } from './row';

/** What an instance gives back, how often that was tried, and why it was undone, shows only in its history. */
type Unseen =
  | 'instance.launch-abandoned.v1'
  | 'instance.launch-undone.v1'
  | 'instance.released.v1'
  | 'instance.removal-failed.v1'
  | 'instance.leftover-found.v1'
  | 'instance.reservation-changed.v1'
  | 'instance.host-restart-noted.v1'
  | 'instance.membership-told.v1'
  | 'instance.floating-address-reserved.v1'
  | 'instance.floating-ip-assigned.v1'
  | 'instance.floating-ip-placed.v1'
  | 'instance.places-told.v1';
type ServerEvent = Exclude<InstanceEvent, { type: Unseen }>;

/** nova's power_state of what hosts report. */
const POWER: Readonly<Record<InstanceFacts['power'] | 'paused' | 'suspended', PowerState>> = {
  absent: 0,
  running: 1,
  paused: 3,
  stopped: 4,
  suspended: 7,
};

/** What the event changes of the row; the same rules as the instance's `evolve` and `taskState`. */
function change(
  row: ServerRow,
  event: Exclude<Projected<ServerEvent>, { type: 'instance.launch-requested.v1' }>,
): ServerChange {
  if (isOperationEvent(event)) return operating(row, event, event.at);
  if (event.type === 'instance.snapshot-progressed.v1') {
    const { kind, stage } = event.data;
    return { taskState: hostOperationNamed(kind).snapshot?.tasks[stage] ?? row.taskState };
  }
  if (isMoveStep(event)) return moving(row, event);
  if (event.type === 'instance.offloaded.v1') return offloaded(row);
  return event.type === 'instance.deleted.v1' ? gone(event.at) : launching(row, event);
}

/** What an operation changes, by the table of operations. */
function operating(row: ServerRow, event: OperationEvent, at: string): ServerChange {
  const step = operationStep(event);
  switch (step.stage) {
    case 'begun':
      return {
        taskState: step.operation.task(step.input),
        generation: row.generation + 1,
        ...(event.type === 'instance.rebuild-requested.v1' ? rebuilt(row, event.data) : {}),
        ...(event.type === 'instance.unshelve-requested.v1' ? zoned(event.data) : {}),
        ...(event.type === 'instance.interface-detach-requested.v1' ? detaching(row, event.data) : {}),
      };
    case 'ended': {
      const { now = targetOf(step.operation, { vmState: row.vmState, former: undefined }), facts } = step;
      const seen = { vmState: now.vmState, taskState: idle(row), powerState: POWER[facts.power] };
      const healed = now.vmState === 'error' ? {} : NO_FAULT;
      return { ...seen, ...healed, ...detached(row, step.operationId), ...('host' in now ? standing(row, now) : {}) };
    }
    case 'failed': {
      const generation = typeof step.operation.goes === 'object' ? row.generation + 1 : row.generation;
      if (step.operation.failure === 'unchanged' && !step.lost)
        return { taskState: idle(row), generation, ...notAttached(row, step.operationId) };
      const fault = { faultCode: step.code, faultMessage: step.message, faultAt: at };
      return { vmState: 'error', taskState: idle(row), generation, ...fault };
    }
    case 'happened':
      return described(row, step.event, at);
  }
}

/** The address shows until the guest has the interface no more. */
const detaching = (
  { addresses }: ServerRow,
  { portId, operationId }: { readonly portId: string; readonly operationId: string },
): ServerChange => ({
  addresses: addresses.map((one) => (one.id === portId ? { ...one, detaching: operationId } : one)),
});

const detached = (row: ServerRow, operationId: string): ServerChange =>
  withoutAddresses(row, ({ detaching: by }) => by === operationId);

function notAttached(row: ServerRow, operationId: string): ServerChange {
  const portId = newPortId(operationId);
  return withoutAddresses(row, ({ id }) => id === portId);
}

const withoutAddresses = ({ addresses }: ServerRow, isGone: (one: ServerAddress) => boolean): ServerChange =>
  addresses.some(isGone) ? withAddresses(addresses.filter((one) => !isGone(one))) : {};

const offloaded = (row: ServerRow): ServerChange => ({
  ...NO_HOST,
  vmState: 'shelved_offloaded',
  taskState: null,
  generation: row.generation + 1,
});

const zoned = ({ availabilityZone }: { readonly availabilityZone?: string | null }): ServerChange =>
  availabilityZone === undefined ? {} : { availabilityZone };

function rebuilt(
  row: ServerRow,
  { changes }: Extract<OperationEvent, { type: 'instance.rebuild-requested.v1' }>['data'],
): ServerChange {
  const { image, kernel, ramdisk, userData, configDrive, hardware } = changes;
  const root = row.rootBus === null ? {} : { bus: row.rootBus };
  return {
    ...Object.fromEntries(SHOWN_CHANGES.flatMap((name) => (name in changes ? [[name, changes[name]] as const] : []))),
    imageId: image.imageId,
    kernelId: kernel?.imageId ?? null,
    ramdiskId: ramdisk?.imageId ?? null,
    ...(hardware === undefined ? {} : { rootDevice: rootDeviceOf(root, hardware) }),
    ...(userData === undefined ? {} : { hasUserData: userData !== null }),
    ...(configDrive === undefined ? {} : { hasConfigDrive: true }),
  };
}

/** What a rebuild may change and a row shows as it is. */
const SHOWN_CHANGES = [
  'name',
  'description',
  'hostname',
  'metadata',
  'keyName',
  'publicKey',
  'autoDiskConfig',
  'accessIpV4',
  'accessIpV6',
] as const;

/** What an immediate operation changes: each one says here what its row shows. */
function described(row: ServerRow, event: ImmediateEvent, at: string): ServerChange {
  switch (event.type) {
    case 'instance.renamed.v1':
      return { name: event.data.name };
    case 'instance.described.v1':
      return { description: event.data.description };
    case 'instance.metadata-replaced.v1':
      return { metadata: event.data.metadata };
    case 'instance.access-addresses-set.v1':
    case 'instance.disk-config-set.v1':
      return event.data;
    case 'instance.locked.v1':
      return { locked: true, lockedReason: event.data.reason };
    case 'instance.unlocked.v1':
      return { locked: false, lockedReason: null };
    case 'instance.security-groups-changed.v1':
      return { securityGroups: event.data.groups, unfiltered: event.data.unfiltered === true };
    case 'instance.tags-changed.v1':
      return { tags: sortedTags(event.data.tags) };
    case 'instance.hostname-set.v1':
      return { hostname: event.data.hostname };
    case 'instance.state-reset.v1':
      return reset(row, event.data, at);
    case 'instance.resize-confirmed.v1':
      return { vmState: event.data.now.vmState, ...standing(row, event.data.now) };
    case 'instance.offload-requested.v1':
      return { taskState: 'shelving_offloading', generation: row.generation + 1 };
    case 'instance.deletion-requested.v1':
      return { taskState: 'deleting', generation: row.generation + 1 };
    case 'instance.password-posted.v1':
    case 'instance.password-cleared.v1':
      return {};
    default:
      return unreachable(event);
  }
}

type StateReset = Extract<ImmediateEvent, { type: 'instance.state-reset.v1' }>['data'];

function reset(row: ServerRow, { vmState, operationId }: StateReset, at: string): ServerChange {
  const fault = vmState === 'error' ? { faultCode: RESET.code, faultMessage: RESET.message, faultAt: at } : NO_FAULT;
  const taskState = operationId === undefined ? idle(row) : 'powering-on';
  return { vmState, taskState, generation: row.generation + 1, ...fault };
}

const NO_FAULT: ServerChange = { faultCode: null, faultMessage: null, faultAt: null };

const gone = (at: string): ServerChange => ({
  vmState: 'deleted',
  taskState: null,
  powerState: 0,
  deleted: true,
  addresses: [],
  fixedIps: '',
  terminatedAt: at,
  deletedAt: at,
});

const OPERATIONS = Object.fromEntries(Object.keys(operationEvents).map((type) => [type, true])) as Readonly<
  Record<OperationEvent['type'], true>
>;

export const servers: Projection<ServerRow, ServerEvent> = {
  name: 'servers.v2',
  group: 'servers',
  version: 5,
  entity: ServerRow,
  owner: { category: 'instance', column: 'id' },
  types: {
    'instance.launch-requested.v1': true,
    'instance.host-chosen.v2': true,
    'instance.host-claimed.v1': true,
    'instance.host-refused.v1': true,
    'instance.address-allocated.v1': true,
    'instance.floating-ip-bound.v1': true,
    'instance.floating-ip-unbound.v1': true,
    'instance.launch-attempt-failed.v1': true,
    'instance.launched.v1': true,
    'instance.launch-failed.v1': true,
    'instance.snapshot-progressed.v1': true,
    'instance.operation-advanced.v1': true,
    'instance.operation-progressed.v1': true,
    'instance.move-attempt-failed.v1': true,
    'instance.operation-undoing.v1': true,
    'instance.offloaded.v1': true,
    'instance.deleted.v1': true,
    ...OPERATIONS,
  },
  keys: ({ streamId }) => [streamId],
  apply(row, event) {
    if (event.type === 'instance.launch-requested.v1') return requestedRow(event);
    const before = existing(row, event);
    return { ...before, ...change(before, event), updatedAt: event.at, position: event.position };
  },
};
