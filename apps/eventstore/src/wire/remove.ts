import type { ServerUnaryCall, handleUnaryCall, sendUnaryData } from '@grpc/grpc-js';
import { Empty } from '@eventstore/db-client/generated/shared_pb';
import {
  DeleteResp,
  TombstoneResp,
  type DeleteReq,
  type TombstoneReq,
} from '@eventstore/db-client/generated/streams_pb';
import type { DeleteCommand, WriteOutcome } from '../log/commands';
import type { Caller } from './access';
import { deadlineOf } from './append';
import type { WireContext } from './context';
import {
  streamDeleted,
  thrownByHandler,
  timedOut,
  unavailable,
  wireErrorOf,
  wrongExpectedVersion,
  type WireError,
} from './errors';
import { expectationOf, streamNameOf, type Expectation } from './proposal';

/** Streams.Delete: a soft delete; the stream may be written to again. */
export function deleteHandler(context: WireContext): handleUnaryCall<DeleteReq, DeleteResp> {
  return (call, callback) => {
    const options = call.request.getOptions();
    void remove(context, 'delete', call, options, callback, (position) => {
      if (position === undefined) return new DeleteResp().setNoPosition(new Empty());
      const place = new DeleteResp.Position().setCommitPosition(position).setPreparePosition(position);
      return new DeleteResp().setPosition(place);
    });
  };
}

/** Streams.Tombstone: deletes the stream, and nobody can ever write to it again. */
export function tombstoneHandler(context: WireContext): handleUnaryCall<TombstoneReq, TombstoneResp> {
  return (call, callback) => {
    const options = call.request.getOptions();
    void remove(context, 'tombstone', call, options, callback, (position) => {
      if (position === undefined) return new TombstoneResp().setNoPosition(new Empty());
      const place = new TombstoneResp.Position().setCommitPosition(position).setPreparePosition(position);
      return new TombstoneResp().setPosition(place);
    });
  };
}

async function remove<Q, R>(
  context: WireContext,
  kind: DeleteCommand['kind'],
  call: ServerUnaryCall<Q, R>,
  options: DeleteReq.Options | TombstoneReq.Options | undefined,
  callback: sendUnaryData<R>,
  respond: (position: string | undefined) => R,
): Promise<void> {
  try {
    const { expectation, ...command } = await admitted(context, kind, call, options);
    let open = true;
    const settle = (error: WireError | null, response?: R): void => {
      if (!open) return;
      open = false;
      forget();
      callback(error, response);
    };
    const forget = context.calls.add(() => {
      settle(unavailable('the event store is shutting down'));
    });
    context.log.write(command, (outcome) => {
      if (outcome.kind === 'done')
        settle(null, respond(outcome.position === undefined ? undefined : String(outcome.position)));
      else settle(failure(command.stream, expectation, outcome));
    });
  } catch (error) {
    callback(wireErrorOf('a delete', error));
  }
}

/** The request, if it is valid and its caller may make it. @throws WireError */
async function admitted<Q, R>(
  context: WireContext,
  kind: DeleteCommand['kind'],
  call: ServerUnaryCall<Q, R>,
  options: DeleteReq.Options | TombstoneReq.Options | undefined,
): Promise<DeleteCommand & { readonly expectation: Expectation }> {
  const stream = streamNameOf(options?.getStreamIdentifier()?.getStreamName_asU8());
  if (options === undefined) throw thrownByHandler('options are missing');
  const expectation = expectationOf(options);
  if (stream === undefined) throw thrownByHandler('the stream has no name');
  const caller: Caller = await context.gate.admit(call);
  const refused = caller.refusal('delete', stream);
  if (refused !== undefined) throw refused;
  return { kind, stream, expected: expectation.expected, expectation, deadlineMs: deadlineOf(call) };
}

type Refused = Exclude<WriteOutcome, { kind: 'done' }>;

function failure(stream: string, expectation: Expectation, outcome: Refused): WireError {
  switch (outcome.kind) {
    case 'wrong-expected-version':
      return wrongExpectedVersion(stream, expectation, outcome.current);
    case 'stream-deleted':
      return streamDeleted(stream);
    case 'timeout':
      return timedOut();
    case 'unavailable':
      return unavailable(outcome.reason);
  }
}
