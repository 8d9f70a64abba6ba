import type { AppendReq, BatchAppendReq } from '@eventstore/db-client/generated/streams_pb';
import type { UUID } from '@eventstore/db-client/generated/shared_pb';
import type { ExpectedRevision } from '../log/commands';
import type { ProposedEvent } from '../log/events';
import { invalidArgument, thrownByHandler } from './errors';
import { parseUuid, uuidFromHalves } from './uuid';

const INT64_MAX = 2n ** 63n - 1n;
const U64_MAX = 2n ** 64n - 1n;

const NIL_ID = Buffer.alloc(16);

const JSON_CONTENT = 'application/json';

type ProposedMessage = AppendReq.ProposedMessage | BatchAppendReq.ProposedMessage;

/** What a message proposes, as far as it says so: nothing in it has been checked. */
export interface ProposedFields {
  /** Undefined when it is missing or no UUID. */
  readonly id: Buffer | undefined;
  readonly type: string | undefined;
  readonly contentType: string | undefined;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
}

/** The fields of a message that the generated decoder read. */
export function fieldsOf(message: ProposedMessage): ProposedFields {
  const described = message.getMetadataMap();
  return {
    id: uuidBytes(message.getId()),
    type: described.get('type')?.toWellFormed(), // the library makes surrogates of what is no UTF-8
    contentType: described.get('content-type'),
    data: message.getData_asU8(),
    metadata: message.getCustomMetadata_asU8(),
  };
}

/** What a writer expects of a stream, and the exact revision (a decimal u64) as the client sent it, to be echoed. */
export interface Expectation {
  readonly expected: ExpectedRevision;
  readonly revision: string | undefined;
}

/** The options messages of Append, Delete and Tombstone agree in these. */
interface ExpectationOptions {
  hasRevision(): boolean;
  getRevision(): string;
  hasNoStream(): boolean;
  hasAny(): boolean;
  hasStreamExists(): boolean;
}

/** Why an event is not taken. */
export type Flaw =
  | { readonly kind: 'missing-metadata' }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'invalid'; readonly why: string };

/** Collects the events of one append and refuses invalid ones. */
export class Proposal {
  readonly events: ProposedEvent[] = [];
  /** Size so far, by the measure that the append limit uses. */
  bytes = 0;

  constructor(private readonly maxAppendSize: number) {}

  /** @returns what ends this append, or undefined when the event was taken */
  add({ id, type, contentType, data, metadata }: ProposedFields): Flaw | undefined {
    if (type === undefined || contentType === undefined) return { kind: 'missing-metadata' };
    // Upstream's measure: payload, metadata and the type as UTF-16.
    this.bytes += data.length + metadata.length + 2 * type.length;
    if (this.bytes > this.maxAppendSize) return { kind: 'too-large' };
    if (id === undefined || id.equals(NIL_ID))
      return { kind: 'invalid', why: 'the event id is not a UUID, or the nil UUID' };
    if (type === '') return { kind: 'invalid', why: 'the event type is empty' };
    this.events.push({ id, type, json: contentType === JSON_CONTENT, data, metadata });
    return undefined;
  }
}

/** The stream's name, or undefined when it is missing or empty. Bytes that are no UTF-8 are replaced, as upstream. */
export function streamNameOf(bytes: Uint8Array | undefined): string | undefined {
  if (bytes === undefined || bytes.length === 0) return undefined;
  const name = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
  return name === '$$' ? undefined : name;
}

/** @throws WireError when nothing is expected, or a revision that none can be */
export function expectationOf(options: ExpectationOptions): Expectation {
  if (options.hasAny()) return { expected: 'any', revision: undefined };
  if (options.hasNoStream()) return { expected: 'no-stream', revision: undefined };
  if (options.hasStreamExists()) return { expected: 'stream-exists', revision: undefined };
  if (!options.hasRevision()) throw invalidArgument(NOTHING_EXPECTED);
  const expectation = exactly(BigInt.asUintN(64, BigInt(options.getRevision())));
  if (typeof expectation === 'string') throw thrownByHandler(expectation);
  return expectation;
}

export const NOTHING_EXPECTED = 'the append does not say which revision it expects';

/** @returns the expectation of an exact revision, or why it can be none; the largest u64 means that there is no stream */
export function exactly(revision: bigint): Expectation | string {
  if (revision === U64_MAX) return { expected: 'no-stream', revision: undefined };
  if (revision > INT64_MAX) return 'the expected revision is larger than any revision can be';
  return { expected: clampU64(String(revision)), revision: String(revision) };
}

/** A decimal u64 as a number; what lies beyond 2^53 lies beyond every log and is clamped. */
export function clampU64(decimal: string): number {
  return Math.min(Number(decimal), Number.MAX_SAFE_INTEGER);
}

/** The 16 bytes of an id in either of its forms. */
export function uuidBytes(uuid: UUID | undefined): Buffer | undefined {
  if (uuid === undefined) return undefined;
  const halves = uuid.getStructured();
  if (halves === undefined) return parseUuid(uuid.getString());
  return uuidFromHalves(halves.getMostSignificantBits(), halves.getLeastSignificantBits());
}
