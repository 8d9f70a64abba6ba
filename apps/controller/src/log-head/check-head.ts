import { type EventStore, linkOf, type RecordedEvent } from '@cairn/event-store';

import type { LogHead } from './log-digest';

/** How long a node may lag behind those that it takes the log from. */
const LAG = { tries: 10, waitMs: 1_000 };

/** The log lacks what the cloud has seen of it: it is an older copy, or another history. */
export class LogLost extends Error {
  constructor(
    what: string,
    /** Whether it ends before what was seen: so does a node of a cluster that lags. */
    readonly isShort: boolean,
  ) {
    super(what);
  }
}

/**
 * Whether a log has the last event that was seen of it, in its place. That an event before it was changed shows in a walk
 * over the whole log only.
 * @throws LogLost with what was seen and what is there
 */
export async function checkHead(store: Pick<EventStore, 'read' | 'head'>, seen: LogHead): Promise<void> {
  const there = await eventAt(store, seen);
  if (there !== undefined && linkOf(there) === seen.link && String(there.position) === seen.position) return;
  const head = await store.head();
  const found =
    there === undefined
      ? `the log that is there ends at position ${String(head)} without it: it is an older copy`
      : `the log that is there has it ${elsewhere(there, seen)}: it is another history`;
  throw new LogLost(
    `this cloud has seen its log up to ${described(seen)}, and ${found}. ` +
      'Put the newer log back; or go on with this one, without what it lacks: ./cairn log accept',
    there === undefined && head < BigInt(seen.position),
  );
}

/**
 * The same, again for a while where the log ends before that event: the node that answers may lag.
 * @throws LogLost
 */
export async function checkHeadPatiently(
  store: Pick<EventStore, 'read' | 'head'>,
  seen: LogHead,
  sleep: (ms: number) => Promise<void>,
): Promise<void> {
  for (let left = LAG.tries; ; left -= 1) {
    try {
      await checkHead(store, seen);
      return;
    } catch (error) {
      if (!(error instanceof LogLost && error.isShort) || left === 0) throw error;
    }
    await sleep(LAG.waitMs);
  }
}

/** For people. */
export const described = ({ events, stream, revision, position, hash, at }: LogHead): string =>
  `event ${events.toLocaleString('en')} (${stream} at revision ${revision}, position ${position}, ` +
  `hash ${hash.slice(0, 16)}…, seen at ${at})`;

function elsewhere(there: RecordedEvent, seen: LogHead): string {
  return linkOf(there) === seen.link
    ? `at position ${String(there.position)}`
    : `with the link ${linkOf(there).slice(0, 16)}… instead of ${seen.link.slice(0, 16)}…`;
}

async function eventAt(
  store: Pick<EventStore, 'read'>,
  { stream, revision }: LogHead,
): Promise<RecordedEvent | undefined> {
  for await (const event of store.read(stream, BigInt(revision))) return event;
  return undefined;
}
