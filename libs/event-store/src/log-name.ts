import { randomUUID } from 'node:crypto';
import { type EventStore, type RecordedEvent, WrongRevision } from './port';
import { streamHash } from './stream-hash';

/** Where a log says which one it is. It goes along when the log is moved to another server. */
export const NAME_STREAM = 'cairn-log';
const NAMED = 'log.named.v1';

const nameIn = (event: RecordedEvent | undefined): string | undefined => {
  const name = event?.type === NAMED ? event.data['name'] : undefined;
  return typeof name === 'string' && name !== '' ? name : undefined;
};

/** The name of a log; undefined for one that nobody named, as an empty one. */
export const nameOf = async (log: Pick<EventStore, 'last'>): Promise<string | undefined> =>
  nameIn(await log.last(NAME_STREAM));

/**
 * The history that a named log is, for a server that does not say: of a copy of the log the name is the same, but not
 * when and where it was written.
 */
export function namedHistory(event: RecordedEvent | undefined): string | undefined {
  const name = nameIn(event);
  if (event === undefined || name === undefined) return undefined;
  return `${name}/${String(event.position)}-${String(Date.parse(event.created))}`;
}

/** Names a log that has no name, unless somebody else does so at the same moment. @returns its name */
export async function nameLog(log: Pick<EventStore, 'last' | 'append'>, name: string = randomUUID()): Promise<string> {
  const event = { id: randomUUID(), type: NAMED, data: { name }, metadata: { at: new Date().toISOString() } };
  const chained = { ...event, metadata: { ...event.metadata, streamHash: streamHash('', event) } };
  try {
    await log.append(NAME_STREAM, 'no-stream', [chained]);
    return name;
  } catch (error) {
    if (!(error instanceof WrongRevision)) throw error;
    return (await nameOf(log)) ?? name;
  }
}
