import { type EventStore, type RecordedEvent } from '@cairn/event-store';

import type { ControllerConfig } from '../config';
import { connectStore } from '../connect-store';
import { collect } from './log-scan';
import { serverInLog } from './server-in-log';
import { renderTimeline, timeline } from './timeline';

/** Prints a server's history, and who was at its consoles. */
export async function history(config: ControllerConfig, server: string | undefined): Promise<number> {
  if (server === undefined) throw new Error('history needs the id or the name of a server');
  const store = connectStore(config);
  try {
    const { id, events: own } = await serverInLog(store, server);
    const consoles = await collect(store.read(`console-${id}`));
    const events = [...own, ...consoles].sort((a, b) => (a.position < b.position ? -1 : 1));
    const names = await userNames(store, events);
    process.stdout.write(`server ${id}\n${renderTimeline(timeline(events, names))}\n`);
    return 0;
  } finally {
    await store.close();
  }
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
