import type { ServiceError } from '@grpc/grpc-js';
import { StartScavengeReq } from '@eventstore/db-client/generated/operations_pb';
import { say, type Options } from './command';
import { operationsOf } from './store';

/** Asks the running store to scavenge. */
export async function scavenge(options: Options): Promise<number> {
  const { client, metadata } = operationsOf(options);
  const request = new StartScavengeReq().setOptions(new StartScavengeReq.Options().setThreadCount(1));
  try {
    await new Promise<void>((resolve, reject) => {
      client.startScavenge(request, metadata, (error: ServiceError | null) => {
        if (error === null) resolve();
        else reject(new Error(error.details));
      });
    });
  } finally {
    client.close();
  }
  say("scavenged; the store's log says how much");
  return 0;
}
