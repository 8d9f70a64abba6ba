import {
  claimedLog,
  type EventStore,
  EventStoreDb,
  parsedConnection,
  type StoreConnection,
  type StoreLogin,
  withLogin,
} from '@cairn/event-store';
import { readFileSync } from 'node:fs';

import type { ControllerConfig, RemoteConfig } from './config';
import { authorityFiles } from './remote-hosts/authority';

/** Whether hosts are told of the embedded store. Its certificate is of the cloud's authority, so that no other is named. */
export const isEmbedded = ({ eventStoreUrl }: RemoteConfig): boolean =>
  parsedConnection(eventStoreUrl).tlsCAFile === undefined;

type Login = NonNullable<ControllerConfig['eventStoreLogin']>;

/** With the password out of its file. @throws the file system's error when it cannot be read */
function withPassword({ remote }: ControllerConfig, { user, passwordFile }: Login): StoreLogin {
  const caFile = remote !== null && isEmbedded(remote) ? authorityFiles(remote.pki).authority : null;
  return { user, password: readFileSync(passwordFile, 'utf8').trim(), caFile };
}

/** The user that the configuration names for its log; undefined for a store without users. */
export function loginOf(config: ControllerConfig): StoreLogin | undefined {
  const { eventStoreLogin: login } = config;
  return login === null ? undefined : withPassword(config, login);
}

/** The administrator of the store, who may be the user of the log as well; undefined for a store without users. */
export function adminOf(config: ControllerConfig): StoreLogin | undefined {
  const login = config.eventStoreAdmin ?? config.eventStoreLogin;
  return login === null ? undefined : withPassword(config, login);
}

/** How the configuration has its log reached. @throws ConnectionStringError */
export function connectionOf(config: ControllerConfig, login = loginOf(config)): StoreConnection {
  const connection = parsedConnection(config.eventStoreUrl);
  return login === undefined ? connection : withLogin(connection, login);
}

/** The server of the log that the configuration names. Nothing is connected before the first call. */
export const connectServer = (config: ControllerConfig): EventStoreDb =>
  EventStoreDb.connect(config.eventStoreUrl, { login: loginOf(config) });

/** The log that the configuration names. */
export const connectStore = (config: ControllerConfig): EventStore =>
  claimedLog(connectServer(config), config.eventStoreOwners);
