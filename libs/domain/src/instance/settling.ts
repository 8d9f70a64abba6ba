import type { Context } from '../kernel/aggregate';
import { DomainError } from '../kernel/errors';
import type { UndoCreation } from '../kernel/reservations';
import type { InstanceEvent } from './events';
import type { Instance } from './state';

/** The launch never comes: from here on it is refused. @throws DomainError `conflict` when it came, even if it is over. */
export function abandonCreation(instanceId: string, state: Instance): readonly InstanceEvent[] {
  if (state.vmState === 'absent') return [{ type: 'instance.launch-abandoned.v1', data: { instanceId } }];
  if (state.request === undefined) return []; // abandoned before
  throw new DomainError('conflict', 'instance.exists', `Instance ${instanceId} was launched.`);
}

/** Whether the launch came or not, in the end there is no such server, and none can come. */
export function undoCreation(
  { id: instanceId, code, message }: UndoCreation['data'],
  state: Instance,
  { commandId }: Context,
): readonly InstanceEvent[] {
  if (state.vmState === 'absent') return abandonCreation(instanceId, state);
  if (state.vmState === 'deleted' || state.deletion !== undefined) return [];
  return [
    { type: 'instance.launch-undone.v1', data: { instanceId, code, message } },
    { type: 'instance.deletion-requested.v1', data: { process: 1, operationId: commandId } },
  ];
}
