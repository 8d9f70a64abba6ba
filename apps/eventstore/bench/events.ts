import { randomUUID } from 'node:crypto';
import { jsonEvent, type JSONEventData } from '@eventstore/db-client';
import type { EventLog } from '../src/log/event-log';
import type { ProposedEvent } from '../src/log/events';
import { freshId } from '../src/log/group-writer';

/** One in so many events is of the rare type, for filtered scans. */
export const RARE_EVERY = 2_000;
export const RARE_TYPE = 'bench.rare.v1';

const COMMON_TYPES = 8;
const EVENTS_PER_STREAM = 50;
const GROUP = 500;

/** An event of about 130 bytes of data and metadata, as Cairn's are at their smallest. */
export function clientEvent(n: number): JSONEventData {
  return jsonEvent({ type: typeOf(n), data: body(n), metadata: metadata(n) });
}

/** Appends `count` such events straight to a log, in streams of {@link EVENTS_PER_STREAM}. */
export async function fill(log: EventLog, count: number): Promise<void> {
  const run = randomUUID();
  for (let first = 0; first < count; first += GROUP) {
    const streams = Math.ceil(Math.min(GROUP, count - first) / EVENTS_PER_STREAM);
    await Promise.all(
      Array.from({ length: streams }, (_, s) =>
        fillStream(log, `bench-${run}-${String(first)}-${String(s)}`, first + s * EVENTS_PER_STREAM),
      ),
    );
  }
}

function fillStream(log: EventLog, stream: string, first: number): Promise<void> {
  const events = Array.from({ length: EVENTS_PER_STREAM }, (_, i) => proposed(first + i));
  return new Promise((resolve, reject) => {
    log.write({ kind: 'append', stream, expected: 'no-stream', events, deadlineMs: Infinity }, (outcome) => {
      if (outcome.kind === 'done') resolve();
      else reject(new Error(`could not fill: ${outcome.kind}`));
    });
  });
}

function proposed(n: number): ProposedEvent {
  const [data, meta] = [Buffer.from(JSON.stringify(body(n))), Buffer.from(JSON.stringify(metadata(n)))];
  return { id: freshId(), type: typeOf(n), json: true, data, metadata: meta };
}

const typeOf = (n: number): string =>
  n % RARE_EVERY === 0 ? RARE_TYPE : `bench.happened-${String(n % COMMON_TYPES)}.v1`;

const body = (n: number): { readonly n: number; readonly text: string; readonly flag: boolean } => ({
  n,
  text: 'something that happened',
  flag: n % 2 === 0,
});

const metadata = (n: number): Readonly<Record<string, string>> => ({
  commandId: `c-${String(n)}`,
  actor: 'bench',
  at: '2026-01-01T00:00:00.000Z',
});
