import { deriveId } from '@cairn/domain';
import type { CommandContext } from '../../runtime/ports';
import type { Random } from '../../random';
import type { Caller } from './caller';

/**
 * The context of the command that a request is about. With an `Idempotency-Key` the id follows from key, project, user
 * and action, so that a repeat is the same command (RUNTIME.md); without one every request is a new command.
 *
 * @param action names what is asked for, e.g. `create-server`; one key may be used for two different actions.
 */
export function commandContext(caller: Omit<Caller, 'rights'>, action: string, random: Random): CommandContext {
  const { actor } = caller.principal;
  const commandId =
    caller.idempotencyKey === undefined
      ? random.uuid()
      : deriveId('idempotency', actor.projectId ?? '', actor.userId, action, caller.idempotencyKey);
  return {
    commandId,
    actor,
    api: caller.api,
    requestId: caller.requestId,
    clientAddress: caller.clientAddress,
    correlationId: commandId,
    causationId: commandId,
    deadline: caller.deadline,
    unheard: caller.idempotencyKey === undefined,
  };
}

/** The context of one of several commands that a request takes: its own id, derived, and the request's as its cause. */
export const stepOf = (context: CommandContext, step: string): CommandContext => ({
  ...context,
  commandId: deriveId(context.commandId, step),
  causationId: context.commandId,
});
