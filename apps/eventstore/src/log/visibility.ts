import type { StoredEvent } from './events';
import { firstVisible, type StreamHead } from './heads';

/** The creation time (ms since 1970) before which `$maxAge` hides a stream's events; 0 when it hides none. */
export function createdSince(head: StreamHead, now: number): number {
  const { maxAgeSeconds } = head.retention;
  return maxAgeSeconds === undefined ? 0 : Math.max(0, now - maxAgeSeconds * 1000);
}

/** Whether the stream's metadata lets an event of it be read. */
export function isVisible(head: StreamHead, event: Pick<StoredEvent, 'revision' | 'createdMs'>, now: number): boolean {
  return event.revision >= firstVisible(head) && event.createdMs >= createdSince(head, now);
}
