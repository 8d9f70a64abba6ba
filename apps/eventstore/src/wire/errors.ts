import { Metadata, status, type StatusObject } from '@grpc/grpc-js';
import { DamagedLogError } from '../log/damage';
import type { ExpectedRevision } from '../log/commands';
import { say } from '@cairn/os';

/** Trailers that hold what EventStoreDB cannot say. */
const unsayable = new WeakSet<Metadata>();

/**
 * Whether EventStoreDB fails to say these trailers: it writes names as they are, HTTP has ASCII only, and the call ends with
 * HTTP 500, or with a reset where it was answered already.
 */
export function isUnsayable(trailers: Metadata | null | undefined): boolean {
  return trailers !== undefined && trailers !== null && unsayable.has(trailers);
}

/** A failure with the status and trailers from which the official client builds its error. */
export class WireError extends Error implements Partial<StatusObject> {
  readonly code: status;
  readonly details: string;
  readonly metadata: Metadata;

  /**
   * @param exception the client's name of the error, sent in the trailer `exception`; undefined for a bare status
   * @param trailers further trailers; the client reads required ones without a check, so none may be missing
   */
  constructor(code: status, details: string, exception?: string, trailers: Readonly<Record<string, string>> = {}) {
    super(details);
    this.name = 'WireError';
    this.code = code;
    this.details = escapeTrailer(details);
    this.metadata = new Metadata();
    if (exception !== undefined) this.metadata.set('exception', exception);
    for (const [key, value] of Object.entries(trailers)) this.metadata.set(key, escapeTrailer(value));
    if (!Object.values(trailers).every((value) => /^[ -~]*$/.test(value))) unsayable.add(this.metadata);
  }
}

export function invalidArgument(details: string): WireError {
  return new WireError(status.INVALID_ARGUMENT, details);
}

/**
 * EventStoreDB's answer to a request on which its handler throws.
 * @param why only for who reads the code, or answers by another interface: clients of EventStoreDB are not told
 */
export function thrownByHandler(why: string): WireError {
  return Object.assign(new WireError(status.UNKNOWN, 'Exception was thrown by handler.'), { message: why });
}

export function unavailable(details: string): WireError {
  return new WireError(status.UNAVAILABLE, details);
}

export function tooMany(what: string): WireError {
  return new WireError(status.RESOURCE_EXHAUSTED, `too many ${what}`);
}

/** Said of appends for which there is no room; it passes. */
export const TOO_MUCH = 'too many appends are waiting for their answer';

export function timedOut(): WireError {
  return new WireError(status.DEADLINE_EXCEEDED, 'the deadline passed before the write was carried out');
}

export function accessDenied(): WireError {
  return new WireError(status.PERMISSION_DENIED, 'Access denied.', 'access-denied');
}

export function userNotFound(login: string): WireError {
  const details = `User '${login}' is not found.`;
  return new WireError(status.NOT_FOUND, details, 'user-not-found', { 'login-name': login });
}

export function userConflict(login: string): WireError {
  const details = `User '${login}' exists, or was changed meanwhile.`;
  return new WireError(status.FAILED_PRECONDITION, details, 'user-conflict', { 'login-name': login });
}

/** A failure as it goes to the client; one that nobody foresaw is written to the server's log instead of told. */
export function wireErrorOf(what: string, error: unknown): WireError {
  if (error instanceof WireError) return error;
  const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
  say(`eventstore: ${what} failed: ${reason}`);
  if (error instanceof DamagedLogError) return new WireError(status.DATA_LOSS, error.message);
  return new WireError(status.UNKNOWN, `${what} failed; the server's log says why`);
}

export function streamDeleted(stream: string): WireError {
  const details = `Event stream '${stream}' is deleted.`;
  return new WireError(status.FAILED_PRECONDITION, details, 'stream-deleted', { 'stream-name': stream });
}

/** EventStoreDB's answers to reads that it cannot carry out. */
export function unreadable(
  result: 'ReadStreamResult: Error' | 'ReadAllResult: Error' | 'ReadAllResult: InvalidPosition',
): WireError {
  return new WireError(status.UNKNOWN, `Unexpected ${result}`);
}

/** EventStoreDB's answer to a subscription from where no event begins. */
export function invalidPosition(): WireError {
  return new WireError(status.INVALID_ARGUMENT, 'Trying to read from an invalid position.');
}

export function missingMetadata(): WireError {
  const details = 'Required metadata properties are missing: type, content-type.';
  return new WireError(status.INVALID_ARGUMENT, details, 'missing-required-metadata-property', {
    'required-metadata-properties': 'type,content-type',
  });
}

export function appendTooLarge(maxAppendSize: number): WireError {
  const details = `Maximum append size of ${String(maxAppendSize)} bytes exceeded.`;
  return new WireError(status.INVALID_ARGUMENT, details, 'maximum-append-size-exceeded', {
    'maximum-append-size': String(maxAppendSize),
  });
}

/** Expected and actual revisions in trailers are plain integers, with upstream's negative numbers for the words. */
export function wrongExpectedVersion(
  stream: string,
  { expected, revision }: { readonly expected: ExpectedRevision; readonly revision: string | undefined },
  current: number,
): WireError {
  const [wanted, actual] = [revision ?? String(expectedNumber(expected)), String(current)];
  const details =
    `Delete failed due to WrongExpectedVersion. Stream: ${stream}, ` +
    `Expected version: ${wanted}, Actual version: ${actual}`;
  return new WireError(status.FAILED_PRECONDITION, details, 'wrong-expected-version', {
    'stream-name': stream,
    'expected-version': wanted,
    'actual-version': actual,
  });
}

function expectedNumber(expected: ExpectedRevision): number {
  if (typeof expected === 'number') return expected;
  if (expected === 'any') return -2;
  return expected === 'no-stream' ? -1 : -4;
}

/** gRPC trailers hold printable ASCII only; anything else in a stream name is percent-encoded. */
function escapeTrailer(text: string): string {
  return text.replace(/[^ -~]+/gu, (part) => encodeURIComponent(part));
}
