import type { ExpectedRevision } from '../log/commands';
import { NOTHING_EXPECTED, exactly, type Expectation, type ProposedFields } from './proposal';
import { ProtobufReader } from './protobuf-reader';
import { uuidFromUnsigned, parseUuidBytes } from './uuid';

/** The stream of an append, and the revision that it expects. */
export interface BatchOptions {
  readonly stream: Buffer | undefined;
  /** Or why it makes no sense. */
  readonly expectation: Expectation | string;
  /** Milliseconds since 1970 after which the client no longer waits. */
  readonly deadlineMs: number;
}

/** One chunk of one append. */
export interface BatchRequest {
  /** The UUID message as it came, to be echoed byte by byte; undefined when it is missing. */
  readonly correlationId: Buffer | undefined;
  /** Only in an append's first chunk. */
  readonly options: BatchOptions | undefined;
  readonly events: readonly ProposedFields[];
  readonly isFinal: boolean;
}

/**
 * Decodes a BatchAppendReq by hand, into plain fields that point into the message: the generated decoder makes some
 * twenty objects for each event, which is more work than everything else that an append costs the server.
 * Fields: correlation_id = 1, options = 2, proposed_messages = 3, is_final = 4.
 * @throws MalformedMessageError
 */
export function decodeBatchRequest(message: Buffer): BatchRequest {
  const reader = new ProtobufReader(message);
  let correlationId: Buffer | undefined;
  let options: BatchOptions | undefined;
  let isFinal = false;
  const events: ProposedFields[] = [];
  while (reader.next()) {
    if (reader.field === 1) {
      correlationId = reader.bytes();
      decodeUuid(correlationId); // it is echoed: what cannot be read must not go further
    } else if (reader.field === 2) options = decodeOptions(reader.bytes());
    else if (reader.field === 3) events.push(decodeEvent(reader.bytes()));
    else if (reader.field === 4) isFinal = reader.varint() !== 0;
    else reader.skip();
  }
  return { correlationId: isEmpty(correlationId) ? undefined : correlationId, options, events, isFinal };
}

/** No id, or an empty text as id. */
function isEmpty(uuid: Buffer | undefined): boolean {
  return uuid === undefined || uuid.length === 0 || (uuid.length === 2 && uuid[0] === 0x12);
}

/** stream_identifier = 1; stream_position = 2, no_stream = 3, any = 4, stream_exists = 5; deadline = 6 or 7. */
function decodeOptions(message: Buffer): BatchOptions {
  const reader = new ProtobufReader(message);
  let stream: Buffer | undefined;
  let expectation: Expectation | string = NOTHING_EXPECTED;
  let deadlineMs = Infinity;
  const word = (meant: ExpectedRevision): void => {
    reader.skip();
    expectation = { expected: meant, revision: undefined };
  };
  while (reader.next()) {
    if (reader.field === 1) stream = bytesIn(reader.bytes(), 3);
    else if (reader.field === 2) expectation = revisionIn(reader);
    else if (reader.field === 3) word('no-stream');
    else if (reader.field === 4) word('any');
    else if (reader.field === 5) word('stream-exists');
    else if (reader.field === 6) deadlineMs = milliseconds(reader.bytes());
    else if (reader.field === 7) deadlineMs = Date.now() + milliseconds(reader.bytes());
    else reader.skip();
  }
  return { stream, expectation, deadlineMs };
}

/** id = 1, metadata = 2 (a map of strings), custom_metadata = 3, data = 4. */
function decodeEvent(message: Buffer): ProposedFields {
  const reader = new ProtobufReader(message);
  let [id, type, contentType]: [Buffer?, string?, string?] = [];
  let [data, metadata]: [Buffer, Buffer] = [NOTHING, NOTHING];
  while (reader.next()) {
    if (reader.field === 1) id = decodeUuid(reader.bytes());
    else if (reader.field === 2) {
      const entry = reader.bytes();
      const key = (bytesIn(entry, 1) ?? NOTHING).toString('latin1');
      if (key === 'type') type = (bytesIn(entry, 2) ?? NOTHING).toString('utf8');
      else if (key === 'content-type') contentType = (bytesIn(entry, 2) ?? NOTHING).toString('latin1');
    } else if (reader.field === 3) metadata = reader.bytes();
    else if (reader.field === 4) data = reader.bytes();
    else reader.skip();
  }
  return { id, type, contentType, data, metadata };
}

const NOTHING = Buffer.alloc(0);

/** structured = 1 {most significant = 1, least significant = 2} or text = 2; undefined when it is no UUID. */
function decodeUuid(message: Buffer): Buffer | undefined {
  const reader = new ProtobufReader(message);
  let id: Buffer | undefined;
  while (reader.next()) {
    if (reader.field === 1) id = decodeHalves(reader.bytes());
    else if (reader.field === 2) id = parseUuidBytes(reader.bytes());
    else reader.skip();
  }
  return id;
}

function decodeHalves(message: Buffer): Buffer {
  const reader = new ProtobufReader(message);
  const halves = [0, 0, 0, 0];
  while (reader.next()) {
    const place = reader.field === 1 ? 0 : 2;
    if (reader.field > 2) {
      reader.skip();
      continue;
    }
    reader.varint();
    [halves[place], halves[place + 1]] = [reader.high, reader.low];
  }
  return uuidFromUnsigned(halves);
}

/** The length-delimited field of that number. */
function bytesIn(message: Buffer, field: number): Buffer | undefined {
  const reader = new ProtobufReader(message);
  let found: Buffer | undefined;
  while (reader.next()) {
    if (reader.field === field) found = reader.bytes();
    else reader.skip();
  }
  return found;
}

/** Seconds = 1 and nanoseconds = 2, as Timestamp and Duration both have them. */
function milliseconds(message: Buffer): number {
  const reader = new ProtobufReader(message);
  let [seconds, nanoseconds] = [0, 0];
  while (reader.next()) {
    if (reader.field === 1) seconds = reader.varint();
    else if (reader.field === 2) nanoseconds = reader.varint();
    else reader.skip();
  }
  return seconds * 1_000 + Math.floor(nanoseconds / 1e6);
}

function revisionIn(reader: ProtobufReader): Expectation | string {
  const revision = reader.varint();
  if (reader.high < 0x200000) return { expected: revision, revision: String(revision) };
  return exactly((BigInt(reader.high) << 32n) | BigInt(reader.low));
}
