import { randomUUID } from 'node:crypto';
import { jsonEvent, type JSONEventData, type JSONEventType, type ResolvedEvent } from '@eventstore/db-client';

type Noted = JSONEventData<JSONEventType<string, { readonly n: number }>>;

/** An event of the official client. */
export function noted(n: number, type = 'test.noted.v1'): Noted {
  return jsonEvent({ type, data: { n } });
}

/** Several events in one. */
export function notedUpTo(count: number): Noted[] {
  return Array.from({ length: count }, (_, n) => noted(n));
}

/** A stream name that nobody used before. */
export function fresh(category = 'test'): string {
  return `${category}-${randomUUID()}`;
}

/** The revisions of what a read yields. */
export async function revisions(reading: AsyncIterable<ResolvedEvent>): Promise<readonly bigint[]> {
  const all: bigint[] = [];
  for await (const { event } of reading) if (event !== undefined) all.push(event.revision);
  return all;
}

/** Everything that a read or subscription yields, up to and with the first that fits; it is left open. */
export async function takeUntil<T>(source: AsyncIterator<T>, fits: (item: T) => boolean): Promise<readonly T[]> {
  const taken: T[] = [];
  for (;;) {
    const next = await source.next();
    if (next.done === true) throw new Error(`it ended after ${String(taken.length)} items`);
    taken.push(next.value);
    if (fits(next.value)) return taken;
  }
}
