import { readFileSync } from 'node:fs';
import { OperationsClient } from '@eventstore/db-client/generated/operations_grpc_pb';
import { Metadata } from '@grpc/grpc-js';
import { addressOf, channelCredentialsOf, parsedConnection, withLogin, type StoreConnection } from '@cairn/event-store';
import { basic } from '../security/basic';
import { required, type Options } from './command';

export interface Operations {
  readonly client: OperationsClient;
  /** Carries the caller's credentials. */
  readonly metadata: Metadata;
}

/**
 * A running store's operations, which the official client does not offer: of the first node that is named, as whom the
 * options say. The password is read from its file: no argument shows it.
 */
export function operationsOf(options: Options): Operations {
  const connection = connectionOf(options);
  const { hosts, defaultCredentials: login } = connection;
  const [node] = hosts;
  const metadata = login === undefined ? new Metadata() : basic(login.username, login.password);
  const client = new OperationsClient(node === undefined ? '' : addressOf(node), channelCredentialsOf(connection));
  return { client, metadata };
}

function connectionOf({ url, user, passwordFile, caFile }: Options): StoreConnection {
  const connection = parsedConnection(required(url, '--url'));
  if (user === undefined) return caFile === undefined ? connection : { ...connection, tlsCAFile: caFile };
  const password = readFileSync(required(passwordFile, '--password-file'), 'utf8').trim();
  return withLogin(connection, { user, password, caFile: caFile ?? null });
}
