import { Any } from 'google-protobuf/google/protobuf/any_pb';
import { Empty } from 'google-protobuf/google/protobuf/empty_pb';
import { Code } from '@eventstore/db-client/generated/code_pb';
import * as shared from '@eventstore/db-client/generated/shared_pb';
import { Status } from '@eventstore/db-client/generated/status_pb';
import { BatchAppendResp } from '@eventstore/db-client/generated/streams_pb';
import type { WriteOutcome } from '../log/commands';
import type { Expectation } from './proposal';
import { ProtobufWriter, lengthFieldSize, varintFieldSize } from './protobuf';

/** The append that a response is about. */
export interface BatchTarget extends Expectation {
  /** The UUID message as the client sent it. */
  readonly correlationId: Uint8Array;
  readonly stream: string;
}

/** What the log answered to an append that it did not take. */
export type Refused = Exclude<WriteOutcome, { kind: 'done' }>;

/** Why an append was turned away before it reached the log. */
export type Rejection =
  | { readonly kind: 'access-denied' }
  | { readonly kind: 'too-large'; readonly maxAppendSize: number }
  | { readonly kind: 'bad-request'; readonly message: string };

/**
 * The answer to a successful append, encoded by hand: it is the hot path of every write. Fields of BatchAppendResp:
 * correlation_id = 1, success = 3 {current_revision = 1 | no_stream = 2, position = 3 | no_position = 4},
 * stream_identifier = 4. The echo of the expectation is left out; no client reads it.
 */
export function encodeBatchSuccess(target: BatchTarget, revision: number, position: number | undefined): Buffer {
  const correlation = target.correlationId;
  const stream = Buffer.from(target.stream);
  const place = position === undefined ? 0 : 2 * varintFieldSize(position);
  const success = (revision < 0 ? lengthFieldSize(0) : varintFieldSize(revision)) + lengthFieldSize(place);
  const identifier = lengthFieldSize(stream.length);
  const size = lengthFieldSize(correlation.length) + lengthFieldSize(success) + lengthFieldSize(identifier);
  const writer = new ProtobufWriter(size);
  writer.bytesField(1, correlation);
  writer.open(3, success);
  if (revision < 0) writer.open(2, 0);
  else writer.varintField(1, revision);
  writer.open(position === undefined ? 4 : 3, place);
  if (position !== undefined) {
    writer.varintField(1, position);
    writer.varintField(2, position);
  }
  writer.open(4, identifier);
  writer.bytesField(3, stream);
  return writer.buffer;
}

/** The answer to a failed append; always with the stream's name, which the client reads without a check. */
export function encodeBatchError(target: BatchTarget, reason: Refused | Rejection): Buffer {
  return encodeError(target, statusOf(target, reason));
}

/** The answer of a node that starts, or knows of no leader; without a code, as EventStoreDB gives it. */
export function encodeBatchNotReady(target: BatchTarget): Buffer {
  const nothing = new Any();
  nothing.pack(new Empty().serializeBinary(), 'google.protobuf.Empty');
  return encodeError(target, new Status().setCode(Code.OK).setMessage('Server Is Not Ready').setDetails(nothing));
}

function encodeError(target: BatchTarget, refusal: Status): Buffer {
  const identifier = new shared.StreamIdentifier().setStreamName(Buffer.from(target.stream));
  const response = new BatchAppendResp().setStreamIdentifier(identifier).setError(refusal);
  if (target.correlationId.length > 0) response.setCorrelationId(shared.UUID.deserializeBinary(target.correlationId));
  return Buffer.from(response.serializeBinary());
}

function statusOf(target: BatchTarget, reason: Refused | Rejection): Status {
  switch (reason.kind) {
    case 'wrong-expected-version':
      return error(
        Code.ALREADY_EXISTS,
        'WrongExpectedVersion',
        'WrongExpectedVersion',
        wrongVersion(target, reason.current),
      );
    case 'stream-deleted': {
      const identifier = new shared.StreamIdentifier().setStreamName(Buffer.from(target.stream));
      return error(
        Code.NOT_FOUND,
        'StreamDeleted',
        'StreamDeleted',
        new shared.StreamDeleted().setStreamIdentifier(identifier),
      );
    }
    case 'access-denied':
      return error(Code.PERMISSION_DENIED, 'AccessDenied', 'AccessDenied', new shared.AccessDenied());
    case 'timeout':
      return error(Code.DEADLINE_EXCEEDED, 'Timeout', 'Timeout', new shared.Timeout());
    case 'unavailable':
      // Clients know no such type, and therefore show the message, which they drop of the types that they know.
      return error(Code.UNAVAILABLE, `UNAVAILABLE: ${reason.reason}`, 'Unavailable', new shared.Unknown());
    case 'too-large': {
      const details = new shared.MaximumAppendSizeExceeded().setMaxappendsize(reason.maxAppendSize);
      return error(Code.INVALID_ARGUMENT, 'MaximumAppendSizeExceeded', 'MaximumAppendSizeExceeded', details);
    }
    case 'bad-request':
      return error(
        Code.INVALID_ARGUMENT,
        reason.message,
        'BadRequest',
        new shared.BadRequest().setMessage(reason.message),
      );
  }
}

function wrongVersion(target: BatchTarget, current: number): shared.WrongExpectedVersion {
  const details = new shared.WrongExpectedVersion();
  if (current < 0) details.setCurrentNoStream(new Empty());
  else details.setCurrentStreamRevision(String(current));
  if (target.revision !== undefined) return details.setExpectedStreamPosition(target.revision);
  if (target.expected === 'any') return details.setExpectedAny(new Empty());
  if (target.expected === 'no-stream') return details.setExpectedNoStream(new Empty());
  return details.setExpectedStreamExists(new Empty());
}

function error(code: Code, message: string, type: string, details: { serializeBinary(): Uint8Array }): Status {
  const packed = new Any();
  packed.pack(details.serializeBinary(), `event_store.client.${type}`);
  return new Status().setCode(code).setMessage(message).setDetails(packed);
}
