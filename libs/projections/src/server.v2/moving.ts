import {
  hostOperationNamed,
  type HostOperationName,
  type InstanceEvent,
  type Standing,
  type TaskState,
} from '@cairn/domain';
import type { Projected } from '../projection';
import type { ServerChange } from './launch';
import type { ServerRow } from './row';

type MoveStep = Extract<
  InstanceEvent,
  {
    type:
      | 'instance.operation-advanced.v1'
      | 'instance.operation-progressed.v1'
      | 'instance.move-attempt-failed.v1'
      | 'instance.operation-undoing.v1';
  }
>;

const STEPS: Readonly<Record<MoveStep['type'], true>> = {
  'instance.operation-advanced.v1': true,
  'instance.operation-progressed.v1': true,
  'instance.move-attempt-failed.v1': true,
  'instance.operation-undoing.v1': true,
};

export const isMoveStep = <E extends { readonly type: string }>(event: E): event is Extract<E, MoveStep> =>
  Object.hasOwn(STEPS, event.type);

/** The task of one leg of an operation. The legs of those that have several do not depend on their input. */
const legTask = (kind: HostOperationName, leg: number): TaskState | null =>
  hostOperationNamed(kind).legs({})[leg]?.task ?? null;

/** The task once a host is found; a deletion hides it. */
export const placedTask = ({ taskState }: ServerRow, kind: HostOperationName): string | null =>
  taskState === 'deleting' ? taskState : legTask(kind, 0);

/** What a step of a move changes before the server is anywhere else. */
export function moving({ generation }: ServerRow, event: Projected<MoveStep>): ServerChange {
  const kind = event.data.kind;
  const next = { generation: generation + 1 };
  switch (event.type) {
    case 'instance.operation-advanced.v1':
      return { ...next, taskState: event.data.task ?? legTask(kind, event.data.leg) };
    case 'instance.operation-progressed.v1':
      return { taskState: event.data.task };
    case 'instance.move-attempt-failed.v1':
      return { ...next, taskState: hostOperationNamed(kind).task({}) };
    case 'instance.operation-undoing.v1':
      return { ...next, taskState: legTask(kind, 0) };
  }
}

/** What a server is now, and where. */
export const standing = ({ generation }: ServerRow, { host, flavor, extraSpecs = {} }: Standing): ServerChange => ({
  hostId: host.hostId,
  hostName: host.hostName,
  hostClaimed: true,
  flavorId: flavor.flavorId,
  flavorName: flavor.name,
  vcpus: flavor.vcpus,
  ramMb: flavor.ramMb,
  rootGb: flavor.rootGb,
  ephemeralGb: flavor.ephemeralGb,
  swapMb: flavor.swapMb,
  extraSpecs,
  generation: generation + 1,
});
