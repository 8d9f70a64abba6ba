import { ReadResp } from '@eventstore/db-client/generated/streams_pb';
import { TOMBSTONE_REVISION, type EventType, type StoredEvent } from '../log/events';
import type { Place } from '../subscriptions/checkpoints';
import { ProtobufWriter, lengthFieldSize, varint64Size, varintFieldSize } from './protobuf';
import { formatUuid } from './uuid';

/** How the reader wants ids: as text or as two 64-bit halves. */
export type UuidForm = 'string' | 'structured';

/** A link record and its target; the target is absent when it is gone. */
export interface ResolvedEvent {
  readonly event: StoredEvent | undefined;
  readonly link: StoredEvent | undefined;
}

const INT64_MAX_HIGH = 0x7fffffff;
const INT64_MAX_LOW = 0xffffffff;
const UUID_TEXT_LENGTH = 36;

const TYPE_KEY = Buffer.from('type');
const CREATED_KEY = Buffer.from('created');
const CONTENT_TYPE_KEY = Buffer.from('content-type');
const JSON_ENTRY = mapEntry(CONTENT_TYPE_KEY, Buffer.from('application/json'));
const BINARY_ENTRY = mapEntry(CONTENT_TYPE_KEY, Buffer.from('application/octet-stream'));

/** The map entries `type` are the same for all events of a type, so they are encoded once. */
const typeEntries = new WeakMap<EventType, Buffer>();

/**
 * A ReadResp that carries one event, written straight into one buffer: google-protobuf takes twice the CPU for it, and
 * reads are mostly this. Field numbers are those of streams.proto (ReadResp.event = 1).
 */
export function encodeEvent(resolved: ResolvedEvent, form: UuidForm): Buffer {
  const { event, link } = resolved;
  const position = (link ?? event)?.position ?? 0;
  const eventSize = event === undefined ? 0 : recordedSize(event, form);
  const linkSize = link === undefined ? 0 : recordedSize(link, form);
  const body =
    (event === undefined ? 0 : lengthFieldSize(eventSize)) +
    (link === undefined ? 0 : lengthFieldSize(linkSize)) +
    varintFieldSize(position);
  const writer = new ProtobufWriter(lengthFieldSize(body));
  writer.open(1, body);
  if (event !== undefined) writeRecorded(writer, 1, event, eventSize, form);
  if (link !== undefined) writeRecorded(writer, 2, link, linkSize, form);
  writer.varintField(3, position);
  return writer.buffer;
}

/** The first message of a subscription (ReadResp.confirmation = 2). */
export function encodeConfirmation(subscriptionId: string): Buffer {
  const body = lengthFieldSize(subscriptionId.length);
  const writer = new ProtobufWriter(lengthFieldSize(body));
  writer.open(2, body);
  writer.asciiField(1, subscriptionId);
  return writer.buffer;
}

const NO_POSITION = String(2n ** 64n - 1n);
/** A checkpoint at no position at all: only a server that plays another release announces it. */
const NOWHERE = Buffer.from(
  new ReadResp()
    .setCheckpoint(new ReadResp.Checkpoint().setCommitPosition(NO_POSITION).setPreparePosition(NO_POSITION))
    .serializeBinary(),
);

/** ReadResp.checkpoint = 3: everything up to it has been considered and, where it matches, written. */
export function encodeCheckpoint({ commit, prepare }: Place): Buffer {
  if (commit === Infinity) return NOWHERE;
  const body = varintFieldSize(commit) + varintFieldSize(prepare);
  const writer = new ProtobufWriter(lengthFieldSize(body));
  writer.open(3, body);
  writer.varintField(1, commit);
  writer.varintField(2, prepare);
  return writer.buffer;
}

/** ReadResp.stream_not_found = 4. */
export function encodeStreamNotFound(stream: string): Buffer {
  const name = Buffer.from(stream);
  const identifier = lengthFieldSize(name.length);
  const body = lengthFieldSize(identifier);
  const writer = new ProtobufWriter(lengthFieldSize(body));
  writer.open(4, body);
  writer.open(1, identifier);
  writer.bytesField(3, name);
  return writer.buffer;
}

/** ReadResp.first_stream_position = 5 or last_stream_position = 6: a revision. */
export function encodeBound(bound: 'first' | 'last', revision: number): Buffer {
  const writer = new ProtobufWriter(varintFieldSize(revision));
  writer.varintField(bound === 'first' ? 5 : 6, revision);
  return writer.buffer;
}

/** ReadResp.caught_up = 8, an empty message. */
export function encodeCaughtUp(): Buffer {
  const writer = new ProtobufWriter(lengthFieldSize(0));
  writer.open(8, 0);
  return writer.buffer;
}

function recordedSize(event: StoredEvent, form: UuidForm): number {
  const revision = event.revision === TOMBSTONE_REVISION ? 10 : varintFieldSize(event.revision);
  return (
    lengthFieldSize(uuidSize(event.id, form)) +
    lengthFieldSize(lengthFieldSize(event.stream.bytes.length)) +
    revision +
    2 * varintFieldSize(event.position) +
    typeEntry(event.type).length +
    createdEntrySize(event.createdMs) +
    (event.json ? JSON_ENTRY : BINARY_ENTRY).length +
    lengthFieldSize(event.metadata.length) +
    lengthFieldSize(event.data.length)
  );
}

function writeRecorded(writer: ProtobufWriter, field: number, event: StoredEvent, size: number, form: UuidForm): void {
  writer.open(field, size);
  writeUuid(writer, event.id, form);
  writer.open(2, lengthFieldSize(event.stream.bytes.length));
  writer.bytesField(3, event.stream.bytes);
  if (event.revision === TOMBSTONE_REVISION) writer.varint64Field(3, INT64_MAX_HIGH, INT64_MAX_LOW);
  else writer.varintField(3, event.revision);
  writer.varintField(4, event.position);
  writer.varintField(5, event.position);
  writer.raw(typeEntry(event.type));
  writeCreatedEntry(writer, event.createdMs);
  writer.raw(event.json ? JSON_ENTRY : BINARY_ENTRY);
  writer.bytesField(7, event.metadata);
  writer.bytesField(8, event.data);
}

function uuidSize(id: Buffer, form: UuidForm): number {
  if (form === 'string') return lengthFieldSize(UUID_TEXT_LENGTH);
  const most = 1 + varint64Size(id.readUInt32BE(0), id.readUInt32BE(4));
  const least = 1 + varint64Size(id.readUInt32BE(8), id.readUInt32BE(12));
  return lengthFieldSize(most + least);
}

function writeUuid(writer: ProtobufWriter, id: Buffer, form: UuidForm): void {
  const size = uuidSize(id, form);
  writer.open(1, size);
  if (form === 'string') {
    writer.asciiField(2, formatUuid(id));
    return;
  }
  const most = 1 + varint64Size(id.readUInt32BE(0), id.readUInt32BE(4));
  const least = 1 + varint64Size(id.readUInt32BE(8), id.readUInt32BE(12));
  writer.open(1, most + least);
  writer.varint64Field(1, id.readUInt32BE(0), id.readUInt32BE(4));
  writer.varint64Field(2, id.readUInt32BE(8), id.readUInt32BE(12));
}

/** `created` counts 100 ns ticks since 1970, as decimal text. */
function createdText(createdMs: number): string {
  return `${String(createdMs)}0000`;
}

function createdEntrySize(createdMs: number): number {
  const text = String(createdMs).length + 4;
  return lengthFieldSize(lengthFieldSize(CREATED_KEY.length) + lengthFieldSize(text));
}

function writeCreatedEntry(writer: ProtobufWriter, createdMs: number): void {
  const text = createdText(createdMs);
  writer.open(6, lengthFieldSize(CREATED_KEY.length) + lengthFieldSize(text.length));
  writer.bytesField(1, CREATED_KEY);
  writer.asciiField(2, text);
}

function typeEntry(type: EventType): Buffer {
  const known = typeEntries.get(type);
  if (known !== undefined) return known;
  const entry = mapEntry(TYPE_KEY, type.bytes);
  typeEntries.set(type, entry);
  return entry;
}

/** One entry of RecordedEvent.metadata = 6, a map of strings. */
function mapEntry(key: Buffer, value: Buffer): Buffer {
  const body = lengthFieldSize(key.length) + lengthFieldSize(value.length);
  const writer = new ProtobufWriter(lengthFieldSize(body));
  writer.open(6, body);
  writer.bytesField(1, key);
  writer.bytesField(2, value);
  return writer.buffer;
}
