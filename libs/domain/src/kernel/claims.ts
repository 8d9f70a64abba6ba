import type { Context } from './aggregate';
import type { Table } from './table';
import { type Instant, isAfter } from './time';

/**
 * Claims that were released before they arrived, which the stream must refuse. A tombstone stays until no claim of its
 * operation can arrive any more.
 */
export type Tombstones = Readonly<Record<string, Instant>>;

/** Adds a tombstone and forgets those whose time has passed. */
export function addTombstone(tombstones: Tombstones, claimId: string, notAfter: Instant, now: Instant): Tombstones {
  const kept = Object.entries(tombstones).filter(([, until]) => until >= now);
  return Object.fromEntries([...kept, [claimId, notAfter]]);
}

/** What an aggregate gives out under claim ids (capacity, addresses), and the claims that it must refuse. */
export interface Claims<Claim> {
  readonly claims: Table<Claim>;
  readonly tombstones: Tombstones;
}

/** A request to claim or release; `notAfter` is the deadline of its operation. */
export interface ClaimRef {
  readonly claimId: string;
  readonly notAfter: Instant;
}

/** Where a claim stands: `open` can be granted, `held` was granted before, `released` and `late` are refused. */
export function admitClaim(
  { claims, tombstones }: Claims<unknown>,
  { claimId, notAfter }: ClaimRef,
  { at }: Context,
): 'held' | 'released' | 'late' | 'open' {
  if (claims.has(claimId)) return 'held';
  if (Object.hasOwn(tombstones, claimId)) return 'released';
  return isAfter(at, notAfter) ? 'late' : 'open';
}

/** Decides a release: gives back a claim that is held, leaves a tombstone for one that may yet arrive, else nothing. */
export function releaseClaim<Claim, E>(
  { claims, tombstones }: Claims<Claim>,
  { claimId, notAfter }: ClaimRef,
  { at }: Context,
  events: { released(claim: Claim): E; tombstoned(tombstone: ClaimRef): E },
): readonly E[] {
  const claim = claims.get(claimId);
  if (claim !== undefined) return [events.released(claim)];
  if (isAfter(at, notAfter) || Object.hasOwn(tombstones, claimId)) return [];
  return [events.tombstoned({ claimId, notAfter })];
}
