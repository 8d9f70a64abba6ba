import { aggregateOf, eventCatalogue, parseStream } from '@cairn/domain';
import { layered } from './layered';
import { NAME_STREAM } from './log-name';
import type { EventStore, LogMessage, Position, RecordedEvent, Unwanted } from './port';
import { linkOf } from './stream-hash';

/** Categories of streams that are no aggregate's, and are chained all the same. */
const CHAINED: readonly string[] = ['agent', 'audit'];
/** Categories that only save time: their events have no chain, and all but the newest may be gone. */
const UNCHAINED: readonly string[] = ['snapshot', 'relay'];

const LINK = /^[0-9a-f]{64}$/;
const TYPES = /^(agent|audit|log)\.[a-z-]+\.v\d+$/;

/**
 * Whose an event is on a server that others use too. `cairn`: it belongs to a chain of Cairn's. `unchained`: a snapshot
 * or the like. `disguised`: its stream is named like one of Cairn's, and it is not part of a chain. `foreign`: none of these.
 */
export type Owner = 'cairn' | 'unchained' | 'disguised' | 'foreign';

type Told = Pick<RecordedEvent, 'stream' | 'type' | 'metadata'>;

export function ownerOf(event: Told): Owner {
  const category = event.stream === NAME_STREAM ? 'log' : (parseStream(event.stream)?.category ?? '');
  if (UNCHAINED.includes(category)) return event.type.startsWith(`${category}.`) ? 'unchained' : 'disguised';
  if (category !== 'log' && !CHAINED.includes(category) && aggregateOf(category) === undefined) return 'foreign';
  return LINK.test(linkOf(event)) ? 'cairn' : 'disguised';
}

/** Whether some build of Cairn that this one knows writes events of that type. */
export const isOwnType = (type: string): boolean => eventCatalogue.has(type) || TYPES.test(type);

/**
 * The log without what others wrote into streams that are named like Cairn's: who follows it is told of no such event, and
 * does not fold it. Streams of other names do no harm: nobody asks for them.
 * @param told is called with the first disguised event of each stream, for people
 */
export function ownLog(store: EventStore, told: (event: RecordedEvent) => void): EventStore {
  const known = new Set<string>();
  const own = (message: LogMessage): LogMessage => {
    if (message.kind !== 'event' || ownerOf(message.event) !== 'disguised') return message;
    const { stream, position } = message.event;
    if (!known.has(stream) && known.size < MOST_TOLD) {
      known.add(stream);
      told(message.event);
    }
    return { kind: 'checkpoint', position };
  };
  async function* follow(
    after: Position | undefined,
    signal: AbortSignal,
    unwanted?: Unwanted,
  ): AsyncIterable<LogMessage> {
    for await (const message of store.subscribe(after, signal, unwanted)) yield own(message);
  }
  return layered(store, { subscribe: follow });
}

/** Streams that are told of, at most: somebody may have as many as events. */
const MOST_TOLD = 1_000;
