import { type EventStore, type RecordedEvent } from '@cairn/event-store';

import type { ControllerConfig } from '../config';
import { connectStore } from '../connect-store';
import { collect, wholeLog } from './log-scan';
import { renderTimeline, timeline } from './timeline';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Prints a server's history; a name is looked up in the whole log, the newest server of that name counts. */
export async function history(config: ControllerConfig, server: string | undefined): Promise<number> {
  if (server === undefined) throw new Error('history needs the id or the name of a server');
  const store = connectStore(config);
  try {
    const id = UUID.test(server) ? server : await idOf(store, server);
    const events = id === undefined ? [] : await collect(store.read(`instance-${id}`));
    if (events.length === 0) throw new Error(`no server ${server} is in the log`);
    const names = await userNames(store, events);
    process.stdout.write(`server ${String(id)}\n${renderTimeline(timeline(events, names))}\n`);
    return 0;
  } finally {
    await store.close();
  }
}

async function idOf(store: EventStore, name: string): Promise<string | undefined> {
  let found: string | undefined;
  for await (const { type, data } of wholeLog(store)) {
    if (type === 'instance.launch-requested.v1' && data['name'] === name) found = String(data['instanceId']);
  }
  return found;
}

async function userNames(store: EventStore, events: readonly RecordedEvent[]): Promise<ReadonlyMap<string, string>> {
  const ids = new Set(
    events.map(({ metadata }) => String((metadata['actor'] as { userId?: string } | undefined)?.userId)),
  );
  ids.delete('system');
  const names = new Map<string, string>();
  for (const id of ids) {
    for (const { data } of await collect(store.read(`user-${id}`))) {
      if (typeof data['name'] === 'string') names.set(id, data['name']);
    }
  }
  return names;
}
