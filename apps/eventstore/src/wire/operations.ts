import { randomUUID } from 'node:crypto';
import { status, type handleUnaryCall } from '@grpc/grpc-js';
import { ScavengeResp, type StartScavengeReq } from '@eventstore/db-client/generated/operations_pb';
import { ScavengeRunningError } from '../log/event-log';
import { say } from '@cairn/os';
import type { WireContext } from './context';
import { WireError, wireErrorOf } from './errors';

/** Callers who may write to this stream may scavenge: by default, administrators. */
const SCAVENGES_STREAM = '$scavenges';

/** Operations.StartScavenge: answers when it is done; the server's log has the result. */
export function startScavengeHandler(context: WireContext): handleUnaryCall<StartScavengeReq, ScavengeResp> {
  return (call, callback) => {
    scavenge(context, call).then(
      (response) => {
        callback(null, response);
      },
      (error: unknown) => {
        callback(wireErrorOf('a scavenge', error));
      },
    );
  };
}

async function scavenge(
  context: WireContext,
  call: Parameters<handleUnaryCall<StartScavengeReq, ScavengeResp>>[0],
): Promise<ScavengeResp> {
  const caller = await context.gate.admit(call);
  const refused = caller.refusal('write', SCAVENGES_STREAM);
  if (refused !== undefined) throw refused;
  try {
    const { events, bytes } = await context.log.scavenge();
    say(`scavenge: removed ${String(events)} events of ${String(bytes)} bytes`, 'output');
  } catch (error) {
    if (error instanceof ScavengeRunningError) throw new WireError(status.FAILED_PRECONDITION, error.message);
    throw error;
  }
  return new ScavengeResp().setScavengeId(randomUUID()).setScavengeResult(ScavengeResp.ScavengeResult.STOPPED);
}
