import { hostOperationNamed } from './operations';
import type { Instance } from './state';
import type { TaskState } from './states';

/** nova's task_state for what is under way, or null. */
export function taskState(instance: Instance): TaskState | null {
  const { deletion, vmState, launch, operation } = instance;
  if (deletion !== undefined) return vmState === 'deleted' ? null : 'deleting';
  if (launch !== undefined) return launchTask(instance);
  return operation === undefined ? null : hostOperationNamed(operation.name).task(operation.input);
}

function launchTask({ host, addresses, request }: Instance): TaskState {
  if (host?.claimed !== true) return 'scheduling';
  return addresses.length < (request?.networks.length ?? 0) ? 'networking' : 'spawning';
}
