import type { Context } from '../kernel/aggregate';
import { DomainError } from '../kernel/errors';
import type { AbandonCreation, UndoCreation } from '../kernel/reservations';
import type { InstanceEvent } from './events';
import type { Decisions, Folds } from './section';
import type { Instance } from './state';

/** Ends launches that may or may not have begun, because their request was interrupted. */
export interface SettlingCommands {
  /** Settles a launch whose quota was reserved but which never began; refused when it did begin. */
  readonly AbandonCreation: AbandonCreation['data'];
  /** Rolls back an interrupted multi-server request: deletes servers already launched and blocks the rest. */
  readonly UndoCreation: UndoCreation['data'];
}

export interface SettlingEvents {
  readonly 'instance.launch-abandoned.v1': { readonly instanceId: string };
  /** The reason for a deletion that nobody requested; the deletion's own event follows. */
  readonly 'instance.launch-undone.v1': {
    readonly instanceId: string;
    readonly code: string;
    readonly message: string;
  };
}

/**
 * Abandons the launch: from now on the instance refuses it.
 * @throws DomainError `conflict` if the launch began, even if the server is deleted by now.
 */
function abandonCreation(instanceId: string, state: Instance): readonly InstanceEvent[] {
  if (state.vmState === 'absent') return [{ type: 'instance.launch-abandoned.v1', data: { instanceId } }];
  if (state.request === undefined) return []; // abandoned before
  throw new DomainError('conflict', 'instance.exists', `Instance ${instanceId} was launched.`);
}

/** Deletes the server if its launch began, and otherwise abandons the launch. */
function undoCreation(
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

export const settlingDecisions: Decisions<SettlingCommands> = {
  AbandonCreation: ({ id }, state) => abandonCreation(id, state),
  UndoCreation: undoCreation,
};

export const settlingFolds: Folds<SettlingEvents> = {
  'instance.launch-abandoned.v1': (state) => ({ ...state, vmState: 'deleted' }),
  'instance.launch-undone.v1': (state) => state,
};
