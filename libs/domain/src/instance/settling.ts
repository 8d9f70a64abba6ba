import type { Context } from '../kernel/aggregate';
import { DomainError } from '../kernel/errors';
import type { InstanceEvent } from './events';
import type { Instance } from './state';

/** The launch never comes: from here on it is refused. @throws DomainError `conflict` when it came, even if it is over. */
export function abandonLaunch(instanceId: string, state: Instance): readonly InstanceEvent[] {
  if (state.vmState === 'absent') return [{ type: 'instance.launch-abandoned.v1', data: { instanceId } }];
  if (state.request === undefined) return []; // abandoned before
  throw new DomainError('conflict', 'instance.exists', `Instance ${instanceId} was launched.`);
}

/** Whether the launch came or not, in the end there is no such server, and none can come. */
export function undoLaunch(
  why: { readonly instanceId: string; readonly code: string; readonly message: string },
  state: Instance,
  { commandId }: Context,
): readonly InstanceEvent[] {
  if (state.vmState === 'absent') return abandonLaunch(why.instanceId, state);
  if (state.vmState === 'deleted' || state.deletion !== undefined) return [];
  return [
    { type: 'instance.launch-undone.v1', data: why },
    { type: 'instance.deletion-requested.v1', data: { process: 1, operationId: commandId } },
  ];
}
