import { legOf, stageOf } from './move/course';
import { hostOperationNamed } from './operations';
import type { Placement } from './placement/placement';
import type { Instance, Operation } from './state';
import type { TaskState } from './states';

/** nova's task_state for the running work, or null. */
export function taskState(instance: Instance): TaskState | null {
  const { deletion, vmState, placement, operation, offloading } = instance;
  if (deletion !== undefined) return vmState === 'deleted' ? null : 'deleting';
  if (offloading === true) return 'shelving_offloading';
  if (operation !== undefined) return operationTask(instance, operation);
  return placement === undefined ? null : launchTask(instance, placement);
}

/** The task of the leg under way, once the server has a place to go to; until its end, if it needs none. */
function operationTask({ placement }: Instance, operation: Operation): TaskState | null {
  const { task, snapshot, goes } = hostOperationNamed(operation.name);
  if (operation.snapshot !== undefined && snapshot !== undefined && operation.undone === undefined)
    return snapshot.tasks[operation.snapshot.stage];
  if (typeof goes === 'object' && placement === undefined && stageOf(operation) === 0) return task(operation.input);
  const placed = placement === undefined || placement.target?.claimed === true;
  return placed ? (operation.task ?? legOf(operation).task) : task(operation.input);
}

function launchTask({ interfaces }: Instance, { target }: Placement): TaskState {
  if (target?.claimed !== true) return 'scheduling';
  return interfaces.some(({ stage }) => stage === 'requested') ? 'networking' : 'spawning';
}
