import { randomUUID } from 'node:crypto';
import { type EventStore, type RecordedEvent, WrongRevision } from './port';
import { linkOf, streamHash } from './stream-hash';

/** Where a log says which one it is. It goes along when the log is moved to another server. */
export const NAME_STREAM = 'cairn-log';

/**
 * What happens to a log as a whole. All but `moved` leave it in use; what was moved elsewhere is in use there, once it has
 * `arrived`. `kept` takes a move back, `restored` and `accepted` say that it is a copy which the operator wants.
 */
export type LogTurn = 'named' | 'moved' | 'arrived' | 'kept' | 'restored' | 'accepted';

const TYPE = /^log\.(named|moved|arrived|kept|restored|accepted)\.v1$/;

const typeOf = (turn: LogTurn): string => `log.${turn}.v1`;

/** The name that an event of a log's name stream says; undefined for other events. */
export const nameIn = (event: RecordedEvent | undefined): string | undefined => {
  const name = event !== undefined && TYPE.test(event.type) ? event.data['name'] : undefined;
  return typeof name === 'string' && name !== '' ? name : undefined;
};

/** The name of a log; undefined for one that nobody named, as an empty one. */
export const nameOf = async (log: Pick<EventStore, 'last'>): Promise<string | undefined> =>
  nameIn(await log.last(NAME_STREAM));

/** Where a log was moved to, which is therefore not to be used any more; undefined: nowhere. */
export function movedTo(event: Pick<RecordedEvent, 'stream' | 'type' | 'data'> | undefined): string | undefined {
  const isMove = event?.stream === NAME_STREAM && event.type === typeOf('moved');
  return isMove ? String(event.data['to']) : undefined;
}

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
  try {
    await append(log, undefined, 'named', { name });
    return name;
  } catch (error) {
    if (!(error instanceof WrongRevision)) throw error;
    return (await nameOf(log)) ?? name;
  }
}

/**
 * Records a turn of a named log as its newest one.
 * @throws Error for a log without a name; WrongRevision when somebody else records one at the same moment
 */
export async function recordTurn(
  log: Pick<EventStore, 'last' | 'append'>,
  turn: Exclude<LogTurn, 'named'>,
  about: Readonly<Record<string, unknown>>,
): Promise<void> {
  const last = await log.last(NAME_STREAM);
  const name = nameIn(last);
  if (name === undefined) throw new Error('the log has no name: nobody has used it yet');
  await append(log, last, turn, { name, ...about });
}

async function append(
  log: Pick<EventStore, 'append'>,
  last: RecordedEvent | undefined,
  turn: LogTurn,
  data: Readonly<Record<string, unknown>>,
): Promise<void> {
  const event = { id: randomUUID(), type: typeOf(turn), data, metadata: { at: new Date().toISOString() } };
  const chained = { ...event, metadata: { ...event.metadata, streamHash: streamHash(linkOf(last), event) } };
  await log.append(NAME_STREAM, last?.revision ?? 'no-stream', [chained]);
}
