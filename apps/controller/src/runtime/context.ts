import { deriveId, later } from '@cairn/domain';

import { type Clock, type CommandContext, SYSTEM } from './ports';
import type { Cause } from './snapshots';

/** How long to retry a command of Cairn itself before its effect backs off. */
const SYSTEM_DEADLINE_MS = 30_000;

/**
 * The context of one of Cairn's own commands. Correlation and request id name the original request.
 * @param known what is known of when, and for which effect, the command can have been carried out before.
 */
export const systemContext = (
  api: string,
  commandId: string,
  cause: Cause,
  clock: Clock,
  known: Pick<CommandContext, 'after' | 'effect' | 'unheard'> = {},
): CommandContext => ({
  ...known,
  commandId,
  actor: SYSTEM,
  api,
  requestId: cause.requestId,
  clientAddress: null,
  correlationId: cause.correlationId === '' ? commandId : cause.correlationId,
  causationId: cause.eventId === '' ? commandId : cause.eventId,
  deadline: later(clock.now(), SYSTEM_DEADLINE_MS),
});

/** One id for the command that records an effect's outcome, whatever the outcome, so that exactly one is written. */
export const outcomeId = (effectId: string): string => deriveId(effectId, 'outcome');
