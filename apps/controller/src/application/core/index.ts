/** What commands and queries of every resource need. */
export type { Caller, RequestScope } from './caller';
export { commandContext, stepOf } from './command-context';
export {
  AUTHENTICATOR,
  CLOCK,
  CONFIG,
  type Core,
  coreModule,
  EVENT_STORE,
  EXECUTOR,
  HOST_QUEUE,
  KEYRING,
  LIVENESS,
  LOG,
  PASSWORDS,
  POLICY,
  type PolicyAudit,
  RANDOM,
  READ_MODEL,
  REPLIES,
} from './core';
export { ReadYourWrites } from './read-your-writes';
