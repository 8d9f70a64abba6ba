import type { handleUnaryCall } from '@grpc/grpc-js';
import type { Empty } from '@eventstore/db-client/generated/shared_pb';
import { SupportedMethod, SupportedMethods } from '@eventstore/db-client/generated/serverfeatures_pb';

/** The release whose behaviour this server shows. */
const SERVER_VERSION = '24.10.0';

const STREAMS = 'event_store.client.streams.streams';

/** What is offered; the client asks for lower-case names, and uses batch append only when it is listed. */
const METHODS: readonly (readonly [service: string, method: string, ...features: string[]])[] = [
  [STREAMS, 'append'],
  [STREAMS, 'batchappend'],
  [STREAMS, 'delete'],
  [STREAMS, 'read', 'position', 'events'],
  [STREAMS, 'tombstone'],
  ['event_store.client.gossip.gossip', 'read'],
  ['event_store.client.server_features.serverfeatures', 'getsupportedmethods'],
];

/** ServerFeatures.GetSupportedMethods. It must never fail: the client remembers a failure for as long as it lives. */
export function supportedMethodsHandler(): handleUnaryCall<Empty, SupportedMethods> {
  return (_call, callback) => {
    const methods = METHODS.map(([service, method, ...features]) =>
      new SupportedMethod().setServiceName(service).setMethodName(method).setFeaturesList(features),
    );
    callback(null, new SupportedMethods().setEventStoreServerVersion(SERVER_VERSION).setMethodsList(methods));
  };
}
