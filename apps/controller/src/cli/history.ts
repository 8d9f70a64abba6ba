import { type EventStore, type RecordedEvent } from '@cairn/event-store';

import type { ControllerConfig } from '../config';
import { connectStore } from '../connect-store';
import { collect } from './log-scan';
import { hostOrServerInLog } from './server-in-log';
import { renderTimeline, timeline } from './timeline';

/** Prints a server's history, with who was at its consoles, or that of a host. */
export async function history(config: ControllerConfig, name: string | undefined): Promise<number> {
  if (name === undefined) throw new Error('history needs the id or the name of a server or of a host');
  const store = connectStore(config);
  try {
    const { title, events } = await told(store, name);
    const names = await userNames(store, events);
    process.stdout.write(`${title}\n${renderTimeline(timeline(events, names))}\n`);
    return 0;
  } finally {
    await store.close();
  }
}

async function told(
  store: EventStore,
  name: string,
): Promise<{ readonly title: string; readonly events: readonly RecordedEvent[] }> {
  const { category, id, events } = await hostOrServerInLog(store, name);
  if (category === 'host') return { title: `host ${id}`, events: events.filter(isOfHostItself) };
  const consoles = await collect(store.read(`console-${id}`));
  return { title: `server ${id}`, events: [...events, ...consoles].sort((a, b) => (a.position < b.position ? -1 : 1)) };
}

/** Claims come and go with each server; its own history has them. */
const isOfHostItself = ({ type }: RecordedEvent): boolean =>
  !/^host\.(capacity-|claim-|owner-informed|instance-informed)/.test(type);

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
