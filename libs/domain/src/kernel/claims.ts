import type { Context } from './aggregate';
import { bounded } from './bounded';
import { Table } from './table';
import { type Instant, isAfter } from './time';

/**
 * Claims that were released before they arrived, which the stream must refuse. A tombstone stays until no claim of its
 * operation can arrive any more.
 */
export type Tombstones = Table<Instant>;

/** How many tombstones a stream keeps. */
const MOST_TOMBSTONES = 512;

/**
 * Adds a tombstone and forgets those whose time has passed. Of too many, those that would end first go early: instead of
 * them the stream refuses every claim that ends no later.
 */
export function withTombstone(
  { tombstones, refusedUpTo }: Pick<Claims<unknown>, 'tombstones' | 'refusedUpTo'>,
  { claimId, notAfter }: ClaimRef,
  now: Instant,
): Pick<Claims<unknown>, 'tombstones' | 'refusedUpTo'> {
  const ended = [...tombstones.values()].some((until) => until < now);
  const alive = ended ? Table.from([...tombstones.entries()].filter(([, until]) => until >= now)) : tombstones;
  const { kept, leftOut } = bounded(alive.set(claimId, notAfter), MOST_TOMBSTONES);
  const still = refusedUpTo !== undefined && refusedUpTo >= now ? refusedUpTo : undefined;
  return { tombstones: kept, refusedUpTo: leftOut ?? still };
}

/** What an aggregate gives out under claim ids (capacity, addresses), and the claims that it must refuse. */
export interface Claims<Claim> {
  readonly claims: Table<Claim>;
  readonly tombstones: Tombstones;
  /** New claims of operations that end no later are refused: one may have had a tombstone that is forgotten. */
  readonly refusedUpTo?: Instant | undefined;
}

/** A request to claim or release; `notAfter` is the deadline of its operation. */
export interface ClaimRef {
  readonly claimId: string;
  readonly notAfter: Instant;
}

/** Where a claim stands: `open` can be granted, `held` was granted before, `released` and `late` are refused. */
export function admitClaim(
  { claims, tombstones, refusedUpTo = '' }: Claims<unknown>,
  { claimId, notAfter }: ClaimRef,
  { at }: Context,
): 'held' | 'released' | 'late' | 'open' {
  if (claims.has(claimId)) return 'held';
  if (tombstones.has(claimId) || notAfter <= refusedUpTo) return 'released';
  return isAfter(at, notAfter) ? 'late' : 'open';
}

/** Decides a release: gives back a claim that is held, leaves a tombstone for one that may yet arrive, else nothing. */
export function releaseClaim<Claim, E>(
  { claims, tombstones, refusedUpTo = '' }: Claims<Claim>,
  { claimId, notAfter }: ClaimRef,
  { at }: Context,
  events: { released(claim: Claim): E; tombstoned(tombstone: ClaimRef): E },
): readonly E[] {
  const claim = claims.get(claimId);
  if (claim !== undefined) return [events.released(claim)];
  if (isAfter(at, notAfter) || notAfter <= refusedUpTo || tombstones.has(claimId)) return [];
  return [events.tombstoned({ claimId, notAfter })];
}
