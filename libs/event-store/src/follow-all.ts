import {
  START,
  eventTypeFilter,
  type AllStreamResolvedEvent,
  type AllStreamSubscription,
  type EventStoreDBClient,
} from '@eventstore/db-client';
import { translated } from './client-errors';
import { MarkedStream } from './marked-stream';
import { OutcomeUnknown, type LogMessage, type Position, type Unwanted } from './port';
import { recorded } from './recorded';
import { SettledCheckpoints } from './settled-checkpoints';
import { patternWithout } from './type-pattern';

/** Events looked at between two checkpoints, so that a long run of unwanted ones is not read again after a restart. */
const CHECKPOINT_WINDOW = 512;

/**
 * A subscription to `$all` through the client, as the port promises it: its checkpoints are never ahead of an event, and
 * so may be resumed from, whichever release the server is.
 * @throws OutcomeUnknown, StoreRefused
 */
export async function* followAll(
  client: Pick<EventStoreDBClient, 'subscribeToAll'>,
  after: Position | undefined,
  signal: AbortSignal,
  { without = [] }: Unwanted,
): AsyncGenerator<LogMessage> {
  const settled = new SettledCheckpoints();
  // The client calls this as soon as the message arrives, before the events in front of it were read from its buffer.
  const checkpointReached = (_: unknown, { commit }: { readonly commit: bigint }): void => {
    const position = settled.announced(commit);
    if (position !== undefined) log.mark({ kind: 'checkpoint', position }, ({ kind }) => kind === 'checkpoint');
  };
  const subscription: AllStreamSubscription = client.subscribeToAll({
    // an event appended by itself has one number for both: only those of the transactions of old clients have two
    fromPosition: after === undefined ? START : { commit: after, prepare: after },
    filter: eventTypeFilter({
      regex: patternWithout(without),
      maxSearchWindow: CHECKPOINT_WINDOW,
      checkpointInterval: 1,
      checkpointReached,
    }),
  });
  const log = new MarkedStream<AllStreamResolvedEvent, LogMessage>(subscription);
  subscription.on('caughtUp', () => {
    log.mark({ kind: 'caught-up' }, ({ kind }) => kind === 'caught-up');
  });
  let reached = after ?? 0n;
  try {
    for await (const next of log.read(signal)) {
      const message: LogMessage | undefined = 'message' in next ? next.message : messageOf(next.item);
      if (message?.kind === 'checkpoint' && message.position <= reached) continue;
      if (message === undefined) continue;
      if (message.kind === 'event') reached = message.event.position;
      else if (message.kind === 'checkpoint') reached = message.position;
      yield message;
    }
  } catch (error) {
    throw translated('subscription to the log', error);
  } finally {
    await subscription.unsubscribe().catch(() => undefined);
  }
  if (!isAborted(signal)) throw new OutcomeUnknown('subscription to the log: the store ended it');
}

/** Undefined for a link whose event is gone. */
function messageOf({ event }: AllStreamResolvedEvent): LogMessage | undefined {
  return event === undefined ? undefined : { kind: 'event', event: recorded(event) };
}

function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
