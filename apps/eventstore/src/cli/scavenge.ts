import { credentials, type ServiceError } from '@grpc/grpc-js';
import { OperationsClient } from '@eventstore/db-client/generated/operations_grpc_pb';
import { StartScavengeReq } from '@eventstore/db-client/generated/operations_pb';
import { required, say, type Options } from './command';

/** Asks the running store to scavenge. */
export async function scavenge(options: Options): Promise<number> {
  const url = new URL(required(options.url, '--url'));
  if (url.searchParams.get('tls') !== 'false') throw new Error('scavenge is asked for on loopback, without TLS');
  const client = new OperationsClient(url.host, credentials.createInsecure());
  const request = new StartScavengeReq().setOptions(new StartScavengeReq.Options().setThreadCount(1));
  try {
    await new Promise<void>((resolve, reject) => {
      client.startScavenge(request, (error: ServiceError | null) => {
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
