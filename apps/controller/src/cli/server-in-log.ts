import { own } from '@cairn/domain';
import type { EventStore, RecordedEvent } from '@cairn/event-store';
import { collect, wholeLog } from './log-scan';

export interface InLog {
  readonly id: string;
  readonly events: readonly RecordedEvent[];
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * A server's events, by its id or its name. A name is looked up in the whole log; the newest server of that name counts.
 * @throws Error if there is none.
 */
export async function serverInLog(store: EventStore, server: string): Promise<InLog> {
  const found = await inLog(store, SERVER, server);
  if (found === undefined) throw new Error(`no server ${server} is in the log`);
  return found;
}

/** The same of a host; undefined if there is none. */
export const hostInLog = (store: EventStore, host: string): Promise<InLog | undefined> => inLog(store, HOST, host);

/** The category of the streams, the event that names one, and where that has its id. */
interface Named {
  readonly category: string;
  readonly type: string;
  readonly id: string;
}

const SERVER: Named = { category: 'instance', type: 'instance.launch-requested.v1', id: 'instanceId' };
const HOST: Named = { category: 'host', type: 'host.enrolled.v1', id: 'hostId' };

async function inLog(store: EventStore, named: Named, given: string): Promise<InLog | undefined> {
  const id = UUID.test(given) ? given : await idOf(store, named, given);
  const events = id === undefined ? [] : await collect(store.read(`${named.category}-${id}`));
  return id === undefined || events.length === 0 ? undefined : { id, events };
}

async function idOf(store: EventStore, named: Named, name: string): Promise<string | undefined> {
  let found: string | undefined;
  for await (const { type, data } of wholeLog(store)) {
    if (type === named.type && data['name'] === name) found = String(own(data, named.id));
  }
  return found;
}
