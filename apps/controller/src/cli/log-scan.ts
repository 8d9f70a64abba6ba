import type { EventStore, Position, RecordedEvent } from '@cairn/event-store';

/** Reads the log once, from behind a position (undefined: from its first event) to where it ends now. */
export async function* logFrom(
  store: Pick<EventStore, 'subscribe'>,
  from: Position | undefined,
): AsyncIterable<RecordedEvent> {
  const stop = new AbortController();
  for await (const message of store.subscribe(from, stop.signal)) {
    if (message.kind === 'event') yield message.event;
    if (message.kind === 'caught-up') break;
  }
  stop.abort();
}

/** Reads the whole log once. */
export const wholeLog = (store: Pick<EventStore, 'subscribe'>): AsyncIterable<RecordedEvent> =>
  logFrom(store, undefined);

export async function collect(events: AsyncIterable<RecordedEvent>): Promise<readonly RecordedEvent[]> {
  const all: RecordedEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}
