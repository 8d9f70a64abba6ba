import type { StreamHead } from '../log/heads';

/** The creation time (ms since 1970) before which `$maxAge` hides a stream's events; 0 when it hides none. */
export function createdSince(head: StreamHead): number {
  const { maxAgeSeconds } = head.retention;
  return maxAgeSeconds === undefined ? 0 : Math.max(0, Date.now() - maxAgeSeconds * 1000);
}
