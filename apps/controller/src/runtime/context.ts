import { deriveId, later } from '@cairn/domain';

import { type Clock, type CommandContext, SYSTEM } from './ports';
import type { Cause } from './snapshots';

/** How long a command of Cairn itself is retried before its effect backs off. */
const SYSTEM_DEADLINE_MS = 30_000;

/** The context of a command that Cairn gives itself; who asked in the first place is in correlation and request id. */
export const systemContext = (api: string, commandId: string, cause: Cause, clock: Clock): CommandContext => ({
  commandId,
  actor: SYSTEM,
  api,
  requestId: cause.requestId,
  clientAddress: null,
  correlationId: cause.correlationId === '' ? commandId : cause.correlationId,
  causationId: cause.eventId === '' ? commandId : cause.eventId,
  deadline: later(clock.now(), SYSTEM_DEADLINE_MS),
});

/** The command that records an effect's outcome has one id, whichever outcome it is: exactly one is written. */
export const outcomeId = (effectId: string): string => deriveId(effectId, 'outcome');
