/** What every process that listens needs, to stay up under any caller. Imports nothing of ours: the event store uses it, too. */
export { Connections, type ConnectionLimits, type Refusal } from './connections';
export { connectionsPerListener, descriptorLimit } from './descriptors';
export { guardHttp, HTTP_TIMEOUTS, type HttpGuard } from './guard-http';
export { isWantOfResources, surviveWantOfResources } from './survive';
export { type Arriving, type GivenUp, Unfinished } from './unfinished';
