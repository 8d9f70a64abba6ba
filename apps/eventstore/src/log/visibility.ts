import type { StoredEvent } from './events';
import { firstVisible, type StreamHead } from './heads';

/** The creation time (ms since 1970) before which `$maxAge` hides a stream's events; 0 when it hides none. */
export function createdSince(head: StreamHead, now: number): number {
  const { maxAgeSeconds } = head.retention;
  return maxAgeSeconds === undefined ? 0 : Math.max(0, now - maxAgeSeconds * 1000);
}

/** Seconds from the beginning of year 1, .NET's first, to 1970. */
const YEAR_ONE_S = 62_135_596_800;

/** A `$maxAge` that reaches before the year 1 makes a stream unreadable in EventStoreDB, until it has other metadata. */
export function isReadable({ retention }: StreamHead, now: number): boolean {
  return (retention.maxAgeSeconds ?? 0) <= now / 1_000 + YEAR_ONE_S;
}

/** Whether the stream's metadata lets an event of it be read. */
export function isVisible(head: StreamHead, event: Pick<StoredEvent, 'revision' | 'createdMs'>, now: number): boolean {
  return event.revision >= firstVisible(head) && event.createdMs >= createdSince(head, now);
}
