import type { EventStore } from './port';

/** A store that does some things otherwise, and all else as the one below it. */
export const layered = (store: EventStore, own: Partial<EventStore>): EventStore => ({
  append: (stream, expected, events) => store.append(stream, expected, events),
  read: (stream, from) => store.read(stream, from),
  last: (stream) => store.last(stream),
  head: () => store.head(),
  history: () => store.history(),
  subscribe: (after, signal, unwanted) => store.subscribe(after, signal, unwanted),
  keepLast: (stream, count) => store.keepLast(stream, count),
  close: () => store.close(),
  ...own,
});
