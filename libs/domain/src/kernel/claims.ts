import type { Instant } from './time';

/**
 * A claim that was released before it was made: the claim may still be under way and must then be refused. Kept until
 * no claim of that operation can arrive any more (RUNTIME.md, Late claims).
 */
export type Tombstones = Readonly<Record<string, Instant>>;

/** Adds a tombstone and forgets those whose time has passed. */
export function buried(tombstones: Tombstones, claimId: string, notAfter: Instant, now: Instant): Tombstones {
  const kept = Object.entries(tombstones).filter(([, until]) => until >= now);
  return Object.fromEntries([...kept, [claimId, notAfter]]);
}
