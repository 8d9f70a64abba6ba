import { deriveId } from '../ids';
import type { Message, StreamRef } from './aggregate';
import type { JobEffect } from './effect';
import type { Table } from './table';
import { type Instant, later } from './time';

// Hosts that must know what a stream says: each has it as of a version, and is sent the newest, one job at a time.

/** Which version a host has. */
export interface HostCopy {
  readonly hostId: string;
  /** The newest version that changes something for the host. */
  readonly wanted: number;
  readonly applied: number;
  /** Tries to apply what follows `applied`. */
  readonly tries: number;
  readonly retryAt: Instant | null;
}

export interface HostVersion {
  readonly hostId: string;
  readonly version: number;
}

/** A host did not take over a version. */
export interface HostFailure extends HostVersion {
  readonly code: string;
  readonly message: string;
}

/** The try that failed. */
export type HostTry = HostFailure & Pick<HostCopy, 'applied' | 'tries'>;

/** A failed try, and when it is made again; null if the host is given up, since it needs nothing of the stream any more. */
export type HostNotUpdated = HostFailure & { readonly retryAt: Instant | null };

const RETRY_MS = 10_000;

/** Of a host that has nothing of the stream yet. */
export const newCopy = (hostId: string, version: number): HostCopy => ({
  hostId,
  wanted: version,
  applied: version,
  tries: 0,
  retryAt: null,
});

/** Marks hosts for which a version changes something. */
export function outdated<C extends HostCopy>(copies: Table<C>, hostIds: Iterable<string>, wanted: number): Table<C> {
  let marked = copies;
  for (const hostId of new Set(hostIds)) {
    const copy = marked.get(hostId);
    if (copy !== undefined) marked = marked.set(hostId, { ...copy, wanted });
  }
  return marked;
}

/** What the jobs of such a stream are. */
export interface CopyJobs<C extends HostCopy> {
  readonly kind: string;
  readonly resource: StreamRef;
  /** Looked up when a job is sent, so that changes in quick succession reach a host together. */
  readonly payload: (copy: C) => object;
  /** @param facts of the job: they name the version that the host got. */
  readonly onDone: (copy: C, facts: unknown) => Message;
}

/** One for each host that does not have the newest version; a failure becomes the command RecordHostNotUpdated. */
export const copyJobs = <C extends HostCopy>(copies: Table<C>, jobs: CopyJobs<C>): readonly JobEffect[] =>
  [...copies.values()].filter(({ wanted, applied }) => wanted > applied).map((copy) => copyJob(copy, jobs));

function copyJob<C extends HostCopy>(copy: C, { kind, resource, payload, onDone }: CopyJobs<C>): JobEffect {
  const { hostId, applied, tries, retryAt } = copy;
  return {
    kind: 'job',
    id: deriveId(resource.id, kind, hostId, applied, tries),
    hostId,
    job: {
      kind,
      resource,
      // not the newest version: that grows while the job is under way, and the answer would be to another one
      generation: applied + 1,
      get payload(): object {
        return payload(copy);
      },
    },
    ...(retryAt === null ? {} : { notBefore: retryAt }),
    onDone: (facts) => onDone(copy, facts),
    onRefused: ({ code, message }) => ({
      type: 'RecordHostNotUpdated',
      data: { hostId, applied, tries, version: copy.wanted, code, message },
    }),
  };
}

/** Whether a host says that it has a newer version than it was known to have. */
export const isNewer = (copies: Table<HostCopy>, { hostId, version }: HostVersion): boolean =>
  version > (copies.get(hostId)?.applied ?? version);

/** Decides what becomes of a failed try; undefined if it was not the last one. */
export function notUpdated<C extends HostCopy>(
  copies: Table<C>,
  { applied, tries, ...failure }: HostTry,
  isNeeded: (copy: C) => boolean,
  at: Instant,
): HostNotUpdated | undefined {
  const copy = copies.get(failure.hostId);
  if (copy?.applied !== applied || copy.tries !== tries) return undefined;
  return { ...failure, retryAt: isNeeded(copy) ? later(at, RETRY_MS) : null };
}

/** Folds that a host has a version. */
export const updated = <C extends HostCopy>(copy: C, applied: number): C => ({
  ...copy,
  applied,
  tries: 0,
  retryAt: null,
});

/** Folds a failed try. */
export function withFailure<C extends HostCopy>(copies: Table<C>, { hostId, retryAt }: HostNotUpdated): Table<C> {
  const copy = copies.get(hostId);
  if (copy === undefined) return copies;
  return retryAt === null ? copies.delete(hostId) : copies.set(hostId, { ...copy, tries: copy.tries + 1, retryAt });
}
