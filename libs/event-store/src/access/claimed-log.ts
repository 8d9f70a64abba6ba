import { randomUUID } from 'node:crypto';
import { layered } from '../layered';
import { type EventStore, WrongRevision } from '../port';
import { ownedBy } from './lists';

/**
 * The log on a server whose default access lists name others: each stream that begins gets a list of its own, before its
 * first event, so that nobody else ever reads or writes it.
 * @param owners who alone may use such a stream; nobody: the default lists hold
 */
export function claimedLog(store: EventStore, owners: readonly string[]): EventStore {
  if (owners.length === 0) return store;
  const claim = async (stream: string): Promise<void> => {
    const event = { id: randomUUID(), type: '$metadata', data: { $acl: ownedBy(owners) }, metadata: {} };
    try {
      await store.append(`$$${stream}`, 'no-stream', [event]);
    } catch (error) {
      if (!(error instanceof WrongRevision)) throw error; // a stream that has metadata has been claimed
    }
  };
  return layered(store, {
    append: async (stream, expected, events) => {
      if (expected === 'no-stream') await claim(stream);
      return store.append(stream, expected, events);
    },
    keepLast: async (stream, count) => {
      await claim(stream);
      await store.keepLast(stream, count);
    },
  });
}
