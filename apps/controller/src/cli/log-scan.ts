import type { EventStore, RecordedEvent } from '@cairn/event-store';

/** Reads the log once, from its first event to where it ends now. */
export async function* wholeLog(store: EventStore): AsyncIterable<RecordedEvent> {
  const stop = new AbortController();
  for await (const message of store.subscribe(undefined, stop.signal)) {
    if (message.kind === 'event') yield message.event;
    if (message.kind === 'caught-up') break;
  }
  stop.abort();
}

export async function collect(events: AsyncIterable<RecordedEvent>): Promise<readonly RecordedEvent[]> {
  const all: RecordedEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}
