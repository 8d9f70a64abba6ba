/** What the commands and queries of every resource need. */
export type { Caller, RequestScope } from './caller';
export { commandContext, stepOf } from './command-context';
export {
  AUTHENTICATOR,
  BLOBS,
  CLOCK,
  CONFIG,
  CONSOLES,
  type Core,
  coreProviders,
  DIRECTORY,
  EVENT_STORE,
  EXECUTOR,
  facadeProviders,
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
export { judged } from './judged';
export { allocateNumber, allocateNumbers, numberRegistry } from './numbers';
export { ReadYourWrites } from './read-your-writes';
export { RequestKeys } from './request-keys';
export { Writes } from './writes';
