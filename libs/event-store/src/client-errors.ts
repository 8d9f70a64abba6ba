import {
  AccessDeniedError,
  InvalidArgumentError,
  InvalidTransactionError,
  MaxAppendSizeExceededError,
  RequiredMetadataPropertyMissingError,
  StreamDeletedError,
  UnknownError,
  UnsupportedError,
  type WrongExpectedVersionError,
} from '@eventstore/db-client';
import { type ExpectedRevision, OutcomeUnknown, StoreFull, StoreRefused } from './port';

/** Statuses that say that the same request will always be refused: INVALID_ARGUMENT, PERMISSION_DENIED, UNIMPLEMENTED. */
const FINAL_CODES: readonly (number | undefined)[] = [3, 7, 12];

const REFUSALS = [
  AccessDeniedError,
  InvalidArgumentError,
  InvalidTransactionError,
  MaxAppendSizeExceededError,
  RequiredMetadataPropertyMissingError,
  StreamDeletedError,
  UnsupportedError,
] as const;

/** The embedded store's words for a full disk, in whichever way the append came. */
const NO_SPACE = /no space is left for the log/;

/** Where the stream really stands, by a refusal. */
export function actualOf(error: WrongExpectedVersionError): ExpectedRevision {
  const actual = error.actualVersion;
  return typeof actual === 'bigint' && actual >= 0n ? actual : 'no-stream';
}

/** The port's error for one of the client's or of gRPC's; a write that was not certainly refused may have happened. */
export function translated(what: string, error: unknown): Error {
  if (error instanceof OutcomeUnknown || error instanceof StoreRefused) return error;
  const reason = error instanceof Error ? error.message || error.name : String(error);
  if (NO_SPACE.test(reason)) return new StoreFull(`${what}: ${reason}`, { cause: error });
  const final = REFUSALS.some((refusal) => error instanceof refusal) || isFinalUnknown(error);
  if (final) return new StoreRefused(`${what}: ${reason}`, { cause: error });
  return new OutcomeUnknown(`${what}: ${reason}`, { cause: error });
}

/**
 * The client has no class for a bad request, nor for an append that the embedded store cannot take now; it says that it
 * "could not recognize" the server's words, which begin with UNAVAILABLE for the latter.
 */
function isFinalUnknown(error: unknown): boolean {
  if (!(error instanceof UnknownError)) return false;
  return FINAL_CODES.includes(error.code) || /^Could not recognize (?!UNAVAILABLE)/.test(error.message);
}
