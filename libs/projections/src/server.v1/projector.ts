import { type InstanceEvent, unreachable } from '@cairn/domain';
import { existing, type Projected, type Projection } from '../projection';
import { idle, launching, requestedRow, type ServerChange } from './launch';
import { type PowerState, ServerRow } from './row';

/** What an instance gives back, how often that was tried, and why it was undone, shows only in its history. */
type Unseen =
  'instance.launch-abandoned.v1' | 'instance.launch-undone.v1' | 'instance.released.v1' | 'instance.removal-failed.v1';
type ServerEvent = Exclude<InstanceEvent, { type: Unseen }>;

const POWER: Readonly<Record<'running' | 'stopped' | 'absent', PowerState>> = { running: 1, stopped: 4, absent: 0 };

/** What the event changes of the row; the same rules as the instance's `evolve` and `taskState`. */
function change(
  row: ServerRow,
  event: Exclude<Projected<ServerEvent>, { type: 'instance.launch-requested.v1' }>,
): ServerChange {
  switch (event.type) {
    case 'instance.host-chosen.v1':
    case 'instance.host-claimed.v1':
    case 'instance.host-refused.v1':
    case 'instance.address-allocated.v1':
    case 'instance.launch-attempt-failed.v1':
    case 'instance.launched.v1':
    case 'instance.launch-failed.v1':
      return launching(row, event);
    case 'instance.stop-requested.v1':
      return { taskState: 'powering-off', generation: row.generation + 1 };
    case 'instance.start-requested.v1':
    case 'instance.host-restarted.v1':
      return { taskState: 'powering-on', generation: row.generation + 1 };
    case 'instance.reboot-requested.v1':
      return {
        taskState: event.data.rebootType === 'hard' ? 'rebooting_hard' : 'rebooting',
        generation: row.generation + 1,
      };
    case 'instance.stopped.v1':
    case 'instance.started.v1':
    case 'instance.rebooted.v1':
    case 'instance.restored.v1':
      return {
        vmState: event.type === 'instance.stopped.v1' ? 'stopped' : 'active',
        taskState: idle(row),
        powerState: POWER[event.data.facts.power],
        ...NO_FAULT,
      };
    case 'instance.operation-failed.v1':
      return {
        vmState: 'error',
        taskState: idle(row),
        faultCode: event.data.code,
        faultMessage: event.data.message,
        faultAt: event.at,
      };
    case 'instance.renamed.v1':
      return { name: event.data.name };
    case 'instance.described.v1':
      return { description: event.data.description };
    case 'instance.metadata-replaced.v1':
      return { metadata: event.data.metadata };
    case 'instance.deletion-requested.v1':
      return { taskState: 'deleting', generation: row.generation + 1 };
    case 'instance.deleted.v1':
      return gone(event.at);
    default:
      return unreachable(event);
  }
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

export const servers: Projection<ServerRow, ServerEvent> = {
  name: 'servers.v1',
  version: 1,
  entity: ServerRow,
  types: {
    'instance.launch-requested.v1': true,
    'instance.host-chosen.v1': true,
    'instance.host-claimed.v1': true,
    'instance.host-refused.v1': true,
    'instance.address-allocated.v1': true,
    'instance.launch-attempt-failed.v1': true,
    'instance.launched.v1': true,
    'instance.launch-failed.v1': true,
    'instance.stop-requested.v1': true,
    'instance.start-requested.v1': true,
    'instance.reboot-requested.v1': true,
    'instance.host-restarted.v1': true,
    'instance.stopped.v1': true,
    'instance.started.v1': true,
    'instance.rebooted.v1': true,
    'instance.restored.v1': true,
    'instance.operation-failed.v1': true,
    'instance.renamed.v1': true,
    'instance.described.v1': true,
    'instance.metadata-replaced.v1': true,
    'instance.deletion-requested.v1': true,
    'instance.deleted.v1': true,
  },
  keys: ({ streamId }) => [streamId],
  apply(row, event) {
    if (event.type === 'instance.launch-requested.v1') return requestedRow(event);
    const before = existing(row, event);
    return { ...before, ...change(before, event), updatedAt: event.at, position: event.position };
  },
};
