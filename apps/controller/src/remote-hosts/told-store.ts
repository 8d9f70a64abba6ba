import { connectionText, filesOf, parsedConnection } from '@cairn/event-store';

import type { RemoteConfig } from '../config';

/** How enrolled hosts reach the store. */
export interface ToldStore {
  readonly url: string;
  /** PEM of the authorities that the store is believed by; undefined: the cloud's own. */
  readonly authority: string | undefined;
}

/** What hosts are told: without the names of this machine's files, with what is in that of the store's authority. */
export function toldStore({ eventStoreUrl }: RemoteConfig): ToldStore {
  const { userCertFile: _cert, userKeyFile: _key, ...connection } = parsedConnection(eventStoreUrl);
  const { tlsCAFile, ...told } = connection;
  const authority = tlsCAFile === undefined ? undefined : filesOf({ ...told, tlsCAFile }).rootCertificate;
  return { url: connectionText(told, '/'), authority: authority?.toString('utf8') };
}
