import { own } from '@cairn/domain';
import type { EventStore, RecordedEvent } from '@cairn/event-store';
import { collect, wholeLog } from './log-scan';

type Store = Pick<EventStore, 'read' | 'subscribe'>;

/** Of each category of streams, the event that names one, and where that has its id. */
const NAMED = {
  instance: { type: 'instance.launch-requested.v1', id: 'instanceId' },
  host: { type: 'host.enrolled.v1', id: 'hostId' },
} as const;

type Category = keyof typeof NAMED;

const CATEGORIES = ['instance', 'host'] as const satisfies readonly Category[];

interface InLog {
  readonly category: Category;
  readonly id: string;
  readonly events: readonly RecordedEvent[];
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * A server's events, by its id or its name. A name is looked up in the whole log; the newest server of that name counts.
 * @throws Error if there is none.
 */
export const serverInLog = (store: Store, server: string): Promise<InLog> => inLog(store, ['instance'], server);

/** The same of a host, or of a server where no host has the id or the name. */
export const hostOrServerInLog = (store: Store, name: string): Promise<InLog> =>
  inLog(store, ['host', 'instance'], name);

async function inLog(store: Store, categories: readonly Category[], given: string): Promise<InLog> {
  const ids = UUID.test(given) ? undefined : await idsOf(store, given);
  for (const category of categories) {
    const id = ids === undefined ? given : ids.get(category);
    const events = id === undefined ? [] : await collect(store.read(`${category}-${id}`));
    if (id !== undefined && events.length > 0) return { category, id, events };
  }
  throw new Error(`no server ${given} is in the log`);
}

/** The newest of that name of each category. */
async function idsOf(store: Store, name: string): Promise<ReadonlyMap<Category, string>> {
  const found = new Map<Category, string>();
  for await (const { type, data } of wholeLog(store)) {
    const category = CATEGORIES.find((one) => NAMED[one].type === type);
    if (category !== undefined && data['name'] === name) found.set(category, String(own(data, NAMED[category].id)));
  }
  return found;
}
