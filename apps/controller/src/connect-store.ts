import { EventStoreDb, type StoreLogin } from '@cairn/event-store';
import { readFileSync } from 'node:fs';

import type { ControllerConfig, RemoteConfig } from './config';
import { authorityFiles } from './remote-hosts/authority';

/** How a controller logs in to a store that has users. @throws the file system's error when the password cannot be read */
export const storeLogin = ({ pki, eventStorePasswordFile }: RemoteConfig): StoreLogin => ({
  user: 'admin',
  password: readFileSync(eventStorePasswordFile, 'utf8').trim(),
  caFile: authorityFiles(pki).authority,
});

/** The log that the configuration names. Nothing is connected before the first call. */
export const connectStore = ({ eventStoreUrl, remote }: ControllerConfig): EventStoreDb =>
  EventStoreDb.connect(eventStoreUrl, { login: remote === null ? undefined : storeLogin(remote) });
