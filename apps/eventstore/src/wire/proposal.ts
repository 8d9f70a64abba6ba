import type { AppendReq, BatchAppendReq } from '@eventstore/db-client/generated/streams_pb';
import type { UUID } from '@eventstore/db-client/generated/shared_pb';
import type { ExpectedRevision } from '../log/commands';
import type { ProposedEvent } from '../log/events';
import { appendTooLarge, invalidArgument, missingMetadata, type WireError } from './errors';
import { parseUuid, uuidFromHalves } from './uuid';

/** Longest stream name and event type that are taken, in bytes; both become index keys. */
const MAX_NAME_BYTES = 4_096;

/** What the protobuf library makes of UTF-8 that is none. */
const LONE_SURROGATE = /\p{Surrogate}/u;

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
    type: described.get('type'),
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

/** Collects the events of one append and refuses invalid ones. */
export class Proposal {
  readonly events: ProposedEvent[] = [];
  /** Size so far, by the measure that the append limit uses. */
  bytes = 0;

  constructor(private readonly maxAppendSize: number) {}

  /** @returns the error that ends this append, or undefined when the event was taken */
  add({ id, type, contentType, data, metadata }: ProposedFields): WireError | undefined {
    if (type === undefined || contentType === undefined) return missingMetadata();
    if (id === undefined || id.equals(NIL_ID)) return invalidArgument('the event id is not a UUID, or the nil UUID');
    if (type === '' || Buffer.byteLength(type) > MAX_NAME_BYTES || LONE_SURROGATE.test(type))
      return invalidArgument('the event type is empty, too long or not UTF-8');
    // Upstream's measure: payload, metadata and the type as UTF-16.
    this.bytes += data.length + metadata.length + 2 * type.length;
    if (this.bytes > this.maxAppendSize) return appendTooLarge(this.maxAppendSize);
    this.events.push({ id, type, json: contentType === JSON_CONTENT, data, metadata });
    return undefined;
  }
}

/** The stream's name, or undefined when it is missing, too long or no UTF-8. */
export function streamNameOf(bytes: Uint8Array | undefined): string | undefined {
  if (bytes === undefined || bytes.length === 0 || bytes.length > MAX_NAME_BYTES) return undefined;
  const name = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
  return Buffer.byteLength(name) === bytes.length && name !== '$$' ? name : undefined;
}

/** @throws WireError when nothing is expected, or a revision that none can be */
export function expectationOf(options: ExpectationOptions): Expectation {
  if (options.hasAny()) return { expected: 'any', revision: undefined };
  if (options.hasNoStream()) return { expected: 'no-stream', revision: undefined };
  if (options.hasStreamExists()) return { expected: 'stream-exists', revision: undefined };
  if (!options.hasRevision()) throw invalidArgument(NOTHING_EXPECTED);
  const expectation = exactly(BigInt.asUintN(64, BigInt(options.getRevision())));
  if (typeof expectation === 'string') throw invalidArgument(expectation);
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
