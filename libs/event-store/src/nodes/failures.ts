import { WrongExpectedVersion } from '@eventstore/db-client/generated/shared_pb';
import type { BatchAppendResp } from '@eventstore/db-client/generated/streams_pb';
import { status, type ServiceError } from '@grpc/grpc-js';
import { OutcomeUnknown, StoreFull, StoreRefused, StoreUnready, WrongRevision } from '../port';
import type { Write } from './node';

/** Statuses that say that the same request will always be refused. */
const FINAL: readonly unknown[] = [
  status.INVALID_ARGUMENT,
  status.PERMISSION_DENIED,
  status.UNAUTHENTICATED,
  status.UNIMPLEMENTED,
  status.FAILED_PRECONDITION, // of a stream that is deleted
];

/** Refusals of one append, by the type of their details, that trying again cannot mend. */
const FINAL_DETAILS: readonly string[] = ['AccessDenied', 'StreamDeleted', 'MaximumAppendSizeExceeded', 'BadRequest'];

/** The embedded store's words for a full disk, in whichever way the append came. */
const NO_SPACE = /no space is left for the log/;

/**
 * A node's words for: nobody has looked at this request. It is not ready (it starts, or has lost its leader), has too
 * much to do, or is not the leader and knows of none.
 */
const UNTOUCHED = /Server Is (Not Ready|Busy|Too Busy)|No leader info available|Leader info available/;

const PORT = [OutcomeUnknown, StoreRefused, WrongRevision] as const;

/** What a failed call means to the port. A write on that call may have happened, unless the node says that it has not. */
export function failureOf(what: string, error: unknown): Error {
  if (PORT.some((known) => error instanceof known)) return error as Error;
  const reason = error instanceof Error ? error.message || error.name : String(error);
  const said = `${what}: ${reason}`;
  if (NO_SPACE.test(reason)) return new StoreFull(said, { cause: error });
  if (UNTOUCHED.test(reason)) return new StoreUnready(said, { cause: error });
  if (FINAL.includes((error as Partial<ServiceError>).code)) return new StoreRefused(said, { cause: error });
  return new OutcomeUnknown(said, { cause: error });
}

/** What the refusal of one append means; the call that it came by goes on. */
export function refusalOf({ stream, expected }: Pick<Write, 'stream' | 'expected'>, answer: BatchAppendResp): Error {
  const refusal = answer.getError();
  const details = refusal?.getDetails();
  const kind = details?.getTypeName().split('.').at(-1) ?? '';
  const message = refusal?.getMessage() ?? '';
  const said = `append to ${stream}: ${[kind, message].filter((part) => part !== '' && part !== 'Empty').join(': ')}`;
  if (kind === 'WrongExpectedVersion' && expected !== 'any') {
    const versions = WrongExpectedVersion.deserializeBinary(details?.getValue_asU8() ?? new Uint8Array());
    const current = versions.hasCurrentStreamRevision() ? BigInt(versions.getCurrentStreamRevision()) : 'no-stream';
    return new WrongRevision(stream, expected, current);
  }
  if (NO_SPACE.test(message)) return new StoreFull(said);
  if (UNTOUCHED.test(message)) return new StoreUnready(said);
  const final = FINAL_DETAILS.includes(kind) || FINAL.includes(refusal?.getCode());
  // such as a time-out of prepare or commit: it may be written, but is not known to be on enough nodes
  return final ? new StoreRefused(said) : new OutcomeUnknown(said);
}
