import type { handleUnaryCall } from '@grpc/grpc-js';
import type { Empty } from '@eventstore/db-client/generated/shared_pb';
import { SupportedMethod, SupportedMethods } from '@eventstore/db-client/generated/serverfeatures_pb';

/** The release whose behaviour this server shows. */
const SERVER_VERSION = '24.10.0';

const STREAMS = 'event_store.client.streams.streams';
const PERSISTENT = 'event_store.client.persistent_subscriptions.persistentsubscriptions';

/**
 * What is listed; the client asks for lower-case names, and uses batch append only when it is listed. Persistent
 * subscriptions are listed although they are not there: for methods that are not listed the client tries HTTP, or says
 * that a newer server is needed, instead of asking and passing on why not.
 */
const METHODS: readonly (readonly [service: string, method: string, ...features: string[]])[] = [
  [STREAMS, 'append'],
  [STREAMS, 'batchappend'],
  [STREAMS, 'delete'],
  [STREAMS, 'read', 'position', 'events'],
  [STREAMS, 'tombstone'],
  ...['create', 'update', 'delete', 'read', 'getinfo', 'replayparked', 'list'].map(
    (method) => [PERSISTENT, method, 'stream', 'all'] as const,
  ),
  [PERSISTENT, 'restartsubsystem'],
  ...['create', 'update', 'delete', 'disable', 'enable', 'details', 'changepassword', 'resetpassword'].map(
    (method) => ['event_store.client.users.users', method] as const,
  ),
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
