import { status, type ServiceError } from '@grpc/grpc-js';
import * as shared from '@eventstore/db-client/generated/shared_pb';
import type * as messages from '@eventstore/db-client/generated/streams_pb';
import type { Status } from '@eventstore/db-client/generated/status_pb';
import type { Names } from './requests';

const LARGEST = '9223372036854775807';

/** A position as the server says it; the conversation names it when it knows what stands there. */
export class Place {
  constructor(readonly at: string) {}
}

export type Answer = unknown;

/** Says what a server answered, in the words of the recorded conversations. */
export class Answers {
  constructor(private readonly names: Names) {}

  written(revision: string, position: Answer): Answer {
    return { result: 'ok', revision: number(revision), position };
  }

  /** One message of a read; undefined for an event of `$all` that is none of this conversation's. */
  read(response: messages.ReadResp, ofAll: boolean): Answer {
    const read = response.getEvent();
    if (read !== undefined) return this.event(read, ofAll);
    if (response.hasConfirmation()) return 'confirmed';
    const checkpoint = response.getCheckpoint();
    if (checkpoint !== undefined) return { checkpoint: placeOf(checkpoint) };
    const missing = response.getStreamNotFound()?.getStreamIdentifier()?.getStreamName_asU8();
    if (missing !== undefined) return { not_found: this.names.shown(textOf(missing)) };
    if (response.hasCaughtUp()) return 'caught up';
    if (response.hasFirstStreamPosition()) return { first: number(response.getFirstStreamPosition()) };
    return response.hasLastStreamPosition() ? { last: number(response.getLastStreamPosition()) } : 'unknown message';
  }

  private event(read: messages.ReadResp.ReadEvent, ofAll: boolean): Answer {
    const [event, link] = [read.getEvent(), read.getLink()];
    const isOwn = [event, link].some((one) => one !== undefined && streamOf(one).includes(this.names.prefix));
    if (ofAll && !isOwn) return undefined;
    if (link === undefined) return event === undefined ? 'an empty event' : this.recorded(event);
    const said = event === undefined ? {} : this.recorded(event);
    return { ...(typeof said === 'string' ? { at: said } : said), link: this.recorded(link) };
  }

  private recorded(event: messages.ReadResp.ReadEvent.RecordedEvent): string | Readonly<Record<string, Answer>> {
    const properties = new Map(event.getMetadataMap().entries());
    const at = `${this.names.shown(streamOf(event))}@${String(number(event.getStreamRevision()))}`;
    const [type, id] = [this.names.shown(properties.get('type') ?? 'none'), this.names.labelOf(uuidOf(event.getId()))];
    const data = this.readable(event.getData_asU8());
    const content = properties.get('content-type');
    const metadata = event.getCustomMetadata_asU8();
    const unusual = {
      ...(type === 'T' ? {} : { type }),
      ...(id === 'new' ? {} : { id }),
      ...(data === '{}' ? {} : { data }),
      ...(content === 'application/json' ? {} : { json: content === 'application/octet-stream' ? false : content }),
      ...(metadata.length === 0 ? {} : { metadata: this.readable(metadata) }),
    };
    return Object.keys(unusual).length === 0 ? at : { at, ...unusual };
  }

  private readable(bytes: Uint8Array): Answer {
    if (bytes.length > 300) return { size: bytes.length };
    const text = textOf(bytes);
    if (Buffer.from(text).equals(bytes)) return this.names.shown(text);
    return { base64: Buffer.from(bytes).toString('base64') };
  }

  /** An error of a call: its code and what the trailers say. */
  refusal(error: ServiceError): Readonly<Record<string, Answer>> {
    const trailers = Object.entries(error.metadata.getMap())
      .filter(([key]) => !/^(?:date|server|content-|grpc-)/.test(key))
      .map(([key, value]) => [key, this.names.shown(String(value))] as const);
    return { result: status[error.code], ...Object.fromEntries(trailers) };
  }

  /** An error inside the answer to a batch append. */
  batchRefusal(error: Status | undefined): Answer {
    const details = error?.getDetails();
    const kind = details?.getTypeUrl().split('.').pop() ?? 'no details';
    const answer = { result: kind, code: error?.getCode() };
    const body = details?.getValue_asU8() ?? new Uint8Array();
    if (kind === 'WrongExpectedVersion')
      return { ...answer, ...batchVersions(shared.WrongExpectedVersion.deserializeBinary(body)) };
    if (kind === 'StreamDeleted') {
      const identifier = shared.StreamDeleted.deserializeBinary(body).getStreamIdentifier();
      return { ...answer, stream: this.names.shown(textOf(identifier?.getStreamName_asU8() ?? new Uint8Array())) };
    }
    if (kind !== 'MaximumAppendSizeExceeded') return answer;
    return { ...answer, maximum: shared.MaximumAppendSizeExceeded.deserializeBinary(body).getMaxappendsize() };
  }

  wrongVersion(wrong: messages.AppendResp.WrongExpectedVersion | undefined): Answer {
    if (wrong === undefined) return 'nothing';
    const revision = wrong.hasExpectedRevision() ? number(wrong.getExpectedRevision()) : 'none';
    const word = wrong.hasExpectedAny() ? 'any' : wrong.hasExpectedNoStream() ? 'no_stream' : undefined;
    const expected = word ?? (wrong.hasExpectedStreamExists() ? 'stream_exists' : revision);
    const current = wrong.hasCurrentNoStream() ? 'no stream' : number(wrong.getCurrentRevision());
    return { result: 'WrongExpectedVersion', expected, current };
  }
}

function batchVersions(detail: shared.WrongExpectedVersion): Readonly<Record<string, Answer>> {
  const revision = detail.hasExpectedStreamPosition() ? number(detail.getExpectedStreamPosition()) : 'none';
  const word = detail.hasExpectedAny() ? 'any' : detail.hasExpectedNoStream() ? 'no_stream' : undefined;
  const expected = word ?? (detail.hasExpectedStreamExists() ? 'stream_exists' : revision);
  return {
    expected,
    current: detail.hasCurrentNoStream() ? 'no stream' : number(detail.getCurrentStreamRevision()),
  };
}

interface PositionMessage {
  getCommitPosition(): string | number;
  getPreparePosition(): string | number;
}

export function placeOf(message: PositionMessage | undefined): Answer {
  if (message === undefined) return 'none';
  const [commit, prepare] = [String(message.getCommitPosition()), String(message.getPreparePosition())];
  if (commit === prepare) return new Place(commit);
  return { commit: new Place(commit), prepare: new Place(prepare) };
}

export function streamOf(event: messages.ReadResp.ReadEvent.RecordedEvent): string {
  return textOf(event.getStreamIdentifier()?.getStreamName_asU8() ?? new Uint8Array());
}

export function number(value: string | number): string | number {
  if (String(value) === LARGEST) return 'largest';
  if (value === 'no stream') return value;
  return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
}

function uuidOf(message: shared.UUID | undefined): string {
  const parts = message?.getStructured();
  if (parts === undefined) return message?.getString() ?? 'none';
  const half = (bits: string): string => BigInt.asUintN(64, BigInt(bits)).toString(16).padStart(16, '0');
  const digits = half(parts.getMostSignificantBits()) + half(parts.getLeastSignificantBits());
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8');
}
