export { bodyOf } from './body';
export * from './port';
export { EventStoreDb, type LogConnections } from './eventstoredb';
export {
  addressOf,
  channelCredentialsOf,
  clientOf,
  ConnectionStringError,
  connectionFault,
  connectionText,
  filesOf,
  isSecure,
  parsedConnection,
  withLogin,
  type StoreConnection,
} from './connection';
export { checkLog, LogUnusable } from './log-check';
export { type LogNode, logNodes } from './log-status';
export { movedTo, NAME_STREAM, nameIn, nameLog, nameOf, recordTurn } from './log-name';
export { isOwnType, ownerOf, ownLog, type Owner } from './own-events';
export type { StoreLogin } from './store-login';
export { claimedLog } from './access/claimed-log';
export { SETTINGS, StoreSecurity } from './access/store-security';
export { type KnownUser, UserExists } from './access/users';
export { AccessListsUnclear, ADMINISTRATORS, isOpen, namedIn, ownedBy, type StreamAccess } from './access/lists';
export { MemoryEventStore } from './memory';
export { sharedLog } from './shared-log';
export { linkOf, streamHash } from './stream-hash';
