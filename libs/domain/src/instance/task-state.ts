import { hostOperationNamed } from './operations';
import type { Placement } from './placement/placement';
import type { Instance } from './state';
import type { TaskState } from './states';

/** nova's task_state for the running work, or null. */
export function taskState(instance: Instance): TaskState | null {
  const { deletion, vmState, placement, operation } = instance;
  if (deletion !== undefined) return vmState === 'deleted' ? null : 'deleting';
  if (placement !== undefined) return launchTask(instance, placement);
  if (operation === undefined) return null;
  const { task, snapshot } = hostOperationNamed(operation.name);
  return operation.snapshot === undefined || snapshot === undefined
    ? task(operation.input)
    : snapshot.tasks[operation.snapshot.stage];
}

function launchTask({ interfaces }: Instance, { target }: Placement): TaskState {
  if (target?.claimed !== true) return 'scheduling';
  return interfaces.some(({ stage }) => stage === 'requested') ? 'networking' : 'spawning';
}
