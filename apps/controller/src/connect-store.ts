import { EventStoreDb, parsedConnection, type StoreConnection, type StoreLogin, withLogin } from '@cairn/event-store';
import { readFileSync } from 'node:fs';

import type { ControllerConfig, RemoteConfig } from './config';
import { authorityFiles } from './remote-hosts/authority';

/** How a controller logs in to a store that has users. @throws the file system's error when the password cannot be read */
export const storeLogin = ({ pki, eventStorePasswordFile }: RemoteConfig): StoreLogin => ({
  user: 'admin',
  password: readFileSync(eventStorePasswordFile, 'utf8').trim(),
  caFile: authorityFiles(pki).authority,
});

/** The user that the configuration names for its log; undefined for a store without users. */
export function loginOf({ remote, eventStoreLogin }: ControllerConfig): StoreLogin | undefined {
  if (eventStoreLogin === null) return remote === null ? undefined : storeLogin(remote);
  const { user, passwordFile } = eventStoreLogin;
  return { user, password: readFileSync(passwordFile, 'utf8').trim(), caFile: null };
}

/** How the configuration has its log reached. @throws ConnectionStringError */
export function connectionOf(config: ControllerConfig): StoreConnection {
  const [login, connection] = [loginOf(config), parsedConnection(config.eventStoreUrl)];
  return login === undefined ? connection : withLogin(connection, login);
}

/** The log that the configuration names. Nothing is connected before the first call. */
export const connectStore = (config: ControllerConfig): EventStoreDb =>
  EventStoreDb.connect(config.eventStoreUrl, { login: loginOf(config) });
