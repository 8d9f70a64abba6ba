import { deriveId } from '@cairn/domain';
import type { CommandContext } from '../../runtime/ports';
import type { Random } from '../../random';
import type { Caller } from './caller';

/**
 * The context of a request's command. With an `Idempotency-Key`, the command's id derives from key, project, user and
 * action, so that a repeated request is the same command; without one, each request is a new command.
 * @param action names the request, e.g. `create-server`; one key may serve two different actions.
 */
export function commandContext(caller: Omit<Caller, 'rights'>, action: string, random: Random): CommandContext {
  const { repeatable } = caller;
  const { actor } = caller.principal;
  const commandId =
    repeatable === undefined
      ? random.uuid()
      : deriveId('idempotency', actor.projectId ?? '', actor.userId, action, repeatable.key);
  return {
    commandId,
    actor,
    api: caller.api,
    requestId: caller.requestId,
    clientAddress: caller.clientAddress,
    correlationId: commandId,
    causationId: commandId,
    deadline: caller.deadline,
    ...(caller.logBy === undefined ? {} : { logBy: caller.logBy }),
    ...(repeatable === undefined ? { unheard: true } : { keyed: { id: commandId, asked: repeatable.asked() } }),
  };
}

/** The context of one of several commands of a request: an id of its own, with the request's id as its cause. */
export const stepOf = (context: CommandContext, step: string): CommandContext => ({
  ...context,
  commandId: deriveId(context.commandId, step),
  causationId: context.commandId,
});
