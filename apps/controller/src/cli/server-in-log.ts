import type { EventStore, RecordedEvent } from '@cairn/event-store';
import { collect, wholeLog } from './log-scan';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * A server's events, by its id or its name. A name is looked up in the whole log; the newest server of that name counts.
 * @throws Error if there is none.
 */
export async function serverInLog(
  store: EventStore,
  server: string,
): Promise<{ readonly id: string; readonly events: readonly RecordedEvent[] }> {
  const id = UUID.test(server) ? server : await idOf(store, server);
  const events = id === undefined ? [] : await collect(store.read(`instance-${id}`));
  if (id === undefined || events.length === 0) throw new Error(`no server ${server} is in the log`);
  return { id, events };
}

async function idOf(store: EventStore, name: string): Promise<string | undefined> {
  let found: string | undefined;
  for await (const { type, data } of wholeLog(store)) {
    if (type === 'instance.launch-requested.v1' && data['name'] === name) found = String(data['instanceId']);
  }
  return found;
}
