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
  invalidArgument,
  streamDeleted,
  timedOut,
  unavailable,
  wireErrorOf,
  wrongExpectedVersion,
  type WireError,
} from './errors';
import { expectedRevisionOf, streamNameOf } from './proposal';

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

/** Streams.Tombstone: the stream is gone for good. */
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
    const command = await admitted(context, kind, call, options);
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
      else settle(failure(command, outcome));
    });
  } catch (error) {
    callback(wireErrorOf('a delete', error));
  }
}

/** What is asked, when it makes sense and its caller may. @throws WireError */
async function admitted<Q, R>(
  context: WireContext,
  kind: DeleteCommand['kind'],
  call: ServerUnaryCall<Q, R>,
  options: DeleteReq.Options | TombstoneReq.Options | undefined,
): Promise<DeleteCommand> {
  const stream = streamNameOf(options?.getStreamIdentifier()?.getStreamName_asU8());
  if (options === undefined || stream === undefined) {
    throw invalidArgument('the stream name is missing, too long or not UTF-8');
  }
  const caller: Caller = await context.gate.admit(call);
  const refused = caller.refusal('delete', stream);
  if (refused !== undefined) throw refused;
  const expected = expectedRevisionOf(options, () => options.getRevision());
  return { kind, stream, expected, deadlineMs: deadlineOf(call) };
}

function failure(command: DeleteCommand, outcome: Exclude<WriteOutcome, { kind: 'done' }>): WireError {
  switch (outcome.kind) {
    case 'wrong-expected-version':
      return wrongExpectedVersion(command.stream, command.expected, outcome.current);
    case 'stream-deleted':
      return streamDeleted(command.stream);
    case 'timeout':
      return timedOut();
    case 'unavailable':
      return unavailable(outcome.reason);
  }
}
