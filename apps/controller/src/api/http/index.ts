/** What a service's author needs. */
export { Admin, allow, isAdmin, NoReadModel, NoToken, Roles, VersionDocument } from './access';
export type { Authenticator, Principal, TokenFacts, TokenMethod } from './authenticator';
export { commandContext, stepOf } from './command-context';
export {
  AUTHENTICATOR,
  CLOCK,
  CONFIG,
  type Core,
  EVENT_STORE,
  EXECUTOR,
  HOST_QUEUE,
  KEYRING,
  LIVENESS,
  LOG,
  PASSWORDS,
  RANDOM,
  READ_MODEL,
  REPLIES,
} from './core';
export { type Dialect, glanceDialect, keystoneDialect, novaDialect, plainDialect } from './dialects';
export { createHttpService, startHttpService } from './http-service';
export { JsonLog, type Log, type LogFields, silentLog } from '../../log';
export { Nested, NestedList, OptionalNested } from './nested';
export type { Random } from '../../random';
export { HttpProblem, PolicyRefusal, unavailable } from './problem';
export { publicHost } from './public-host';
export { ReadYourWrites } from './read-your-writes';
export { type Caller, FromCaller, type RequestScope, Scoped } from './request-scope';
export type { RunningService, ServiceDefinition } from './service';
