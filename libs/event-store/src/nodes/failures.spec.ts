import { Any } from 'google-protobuf/google/protobuf/any_pb';
import { Empty } from 'google-protobuf/google/protobuf/empty_pb';
import { Timeout, WrongExpectedVersion } from '@eventstore/db-client/generated/shared_pb';
import { Code } from '@eventstore/db-client/generated/code_pb';
import { Status } from '@eventstore/db-client/generated/status_pb';
import { BatchAppendResp } from '@eventstore/db-client/generated/streams_pb';
import { status } from '@grpc/grpc-js';
import { OutcomeUnknown, StoreFull, StoreRefused, StoreUnready, WrongRevision } from '../port';
import { failureOf, refusalOf } from './failures';

const call = (code: status, details: string): Error =>
  Object.assign(new Error(`${String(code)} ${status[code]}: ${details}`), { code, details });

describe('a call that failed', () => {
  it.each([
    ['a lost connection', call(status.UNAVAILABLE, 'read ECONNRESET'), OutcomeUnknown],
    ['a deadline', call(status.DEADLINE_EXCEEDED, 'Deadline exceeded'), OutcomeUnknown],
    ['a time-out of the server', call(status.ABORTED, 'Operation timed out: Commit phase timeout'), OutcomeUnknown],
    ['a call that the server ended', call(status.CANCELLED, 'Call cancelled'), OutcomeUnknown],
    ['a node that is not ready', call(status.UNAVAILABLE, 'Server Is Not Ready'), StoreUnready],
    ['a node that has too much to do', call(status.UNAVAILABLE, 'Server Is Too Busy'), StoreUnready],
    ['a node that does not lead', call(status.NOT_FOUND, 'Leader info available'), StoreUnready],
    ['a node that knows of no leader', call(status.UNKNOWN, 'No leader info available in response'), StoreUnready],
    ['a full disk', call(status.UNAVAILABLE, 'no space is left for the log: it can be read'), StoreFull],
    ['no right', call(status.PERMISSION_DENIED, 'Access Denied'), StoreRefused],
    ['a wrong password', call(status.UNAUTHENTICATED, 'Unauthenticated'), StoreRefused],
    ['a deleted stream', call(status.FAILED_PRECONDITION, "Event stream 's' is deleted."), StoreRefused],
  ])('by %s', (_, error, expected) => {
    const failure = failureOf('append to s-1', error);
    expect(failure.constructor).toBe(expected);
    expect(failure.message).toContain('append to s-1: ');
  });

  it('keeps an error of the port', () => {
    const error = new StoreUnready('no node');
    expect(failureOf('append', error)).toBe(error);
  });
});

const packed = (message: { serializeBinary(): Uint8Array }, type: string): Any => {
  const any = new Any();
  any.pack(message.serializeBinary(), `event_store.client.${type}`);
  return any;
};

const answer = (code: Code, message: string, details: Any): BatchAppendResp =>
  new BatchAppendResp().setError(new Status().setCode(code).setMessage(message).setDetails(details));

describe('an append that was refused', () => {
  it.each([
    ['a node that is not ready', answer(Code.OK, 'Server Is Not Ready', packed(new Empty(), 'Empty')), StoreUnready],
    ['a node that is busy', answer(Code.OK, 'Server Is Busy', packed(new Empty(), 'Empty')), StoreUnready],
    ['no leader', answer(Code.OK, 'No leader info available in response', packed(new Empty(), 'Empty')), StoreUnready],
    [
      'a time-out of prepare or commit',
      answer(Code.DEADLINE_EXCEEDED, 'Timeout', packed(new Timeout(), 'Timeout')),
      OutcomeUnknown,
    ],
    ['something unknown', answer(Code.UNKNOWN, 'Unknown', packed(new Empty(), 'Unknown')), OutcomeUnknown],
    [
      'an error inside',
      answer(Code.INTERNAL, 'Envelope callback expected', packed(new Empty(), 'Empty')),
      OutcomeUnknown,
    ],
    [
      'too many appends',
      answer(Code.UNAVAILABLE, 'UNAVAILABLE: too many appends are waiting', packed(new Empty(), 'E')),
      OutcomeUnknown,
    ],
    [
      'a full disk',
      answer(Code.UNAVAILABLE, 'UNAVAILABLE: no space is left for the log', packed(new Empty(), 'E')),
      StoreFull,
    ],
    ['no right', answer(Code.PERMISSION_DENIED, 'AccessDenied', packed(new Empty(), 'AccessDenied')), StoreRefused],
    ['a buried stream', answer(Code.NOT_FOUND, 'StreamDeleted', packed(new Empty(), 'StreamDeleted')), StoreRefused],
    [
      'a bad request',
      answer(Code.INVALID_ARGUMENT, 'the event id is not a UUID', packed(new Empty(), 'BadRequest')),
      StoreRefused,
    ],
  ])('by %s', (_, refusal, expected) => {
    expect(refusalOf({ stream: 's', expected: 1n }, refusal).constructor).toBe(expected);
  });

  it.each([
    ['says where the stream is', new WrongExpectedVersion().setCurrentStreamRevision('7'), 7n],
    ['says that there is no stream', new WrongExpectedVersion().setCurrentNoStream(new Empty() as never), 'no-stream'],
  ])('at another revision %s', (_, versions, actual) => {
    const refusal = answer(Code.ALREADY_EXISTS, 'WrongExpectedVersion', packed(versions, 'WrongExpectedVersion'));
    const error = refusalOf({ stream: 's', expected: 1n }, refusal);
    expect(error).toBeInstanceOf(WrongRevision);
    expect(error).toMatchObject({ stream: 's', expected: 1n, actual });
  });
});

describe('what may be tried again', () => {
  it.each([new StoreFull('append'), new StoreUnready('append')])('includes %p', (error) => {
    expect(error).toBeInstanceOf(OutcomeUnknown);
  });
});
