import { deriveId } from '../../ids';
import type { Capacity } from '../../host/events';
import type { Instant } from '../../kernel/time';
import type { Instance } from '../state';

/** Why the instance needs a host. */
export type Purpose = 'launch' | 'resize' | 'migrate' | 'evacuate' | 'unshelve';

/** A host that was chosen, and the claim on it. */
export interface PlacedOn {
  readonly attempt: number;
  readonly hostId: string;
  readonly hostName: string;
  readonly claimId: string;
  /** What the host may give out in all; absent: by the host's own rule. */
  readonly limits?: Partial<Capacity>;
  /** Whether the host has granted the claim. */
  readonly claimed: boolean;
}

/**
 * The search for a host. A launching instance has no host yet; a moving one stays on its current host (`Instance.host`)
 * until it is on the target.
 */
export interface Placement {
  readonly purpose: Purpose;
  /** Attempts so far, from 0: each on another host. */
  readonly attempt: number;
  readonly excludedHosts: readonly string[];
  /** Why the last attempt failed, for the fault if none succeeds. */
  readonly lastReason: string | null;
  readonly notAfter: Instant;
  /** The name of the host that an administrator demands for a move. Absent: any. */
  readonly requestedHost?: string;
  /** Where the instance is going to be: the host of the attempt under way. */
  readonly target: PlacedOn | undefined;
}

/** Hosts that are no choice, and the name of the only one that is. */
export interface Choices {
  readonly excludedHosts?: readonly string[];
  readonly requestedHost?: string | undefined;
}

export const newPlacement = (
  purpose: Purpose,
  notAfter: Instant,
  { excludedHosts = [], requestedHost }: Choices = {},
): Placement => ({
  purpose,
  attempt: 0,
  excludedHosts,
  lastReason: null,
  notAfter,
  target: undefined,
  ...(requestedHost === undefined ? {} : { requestedHost }),
});

/** Starts the next attempt and excludes the host of the last one. */
export function nextAttempt(placement: Placement, lastReason: string): Placement {
  const { target, excludedHosts } = placement;
  if (target === undefined) return placement;
  const { attempt, hostId } = target;
  return { ...placement, attempt, excludedHosts: [...excludedHosts, hostId], lastReason, target: undefined };
}

/** Attempts on different hosts before a launch or move is given up (nova: scheduler_max_attempts). */
export const MAX_ATTEMPTS = 3;

/** Why a search ends after the last attempt. */
export const noHostLeft = (instanceId: string, last: string): { readonly code: string; readonly message: string } => ({
  code: 'scheduler.no-valid-host',
  message:
    `No valid host was found. Exceeded maximum number of ${String(MAX_ATTEMPTS)} attempts for instance ` +
    `${instanceId}. Last reason: ${last}`,
});

/** Names a search: a server is launched once, and moved by many operations. */
export const searchId = ({ operation, request }: Instance): string =>
  operation?.operationId ?? request?.instanceId ?? '';

/** The id of the claim of one attempt on its host. @param searchId of the instance for its launch, of the operation for a move. */
export const hostClaimId = (searchId: string, attempt: number): string => deriveId(searchId, 'host', attempt);
