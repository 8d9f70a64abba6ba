import { readFileSync } from 'node:fs';
import { EventStoreDBClient } from '@eventstore/db-client';
import { OperationsClient } from '@eventstore/db-client/generated/operations_grpc_pb';
import { credentials, Metadata } from '@grpc/grpc-js';
import { basic } from '../security/basic';
import { required, type Options } from './command';

/** A running store, as whom the options say. The password is read from its file: no argument shows it. */
export function storeClient(options: Options): EventStoreDBClient {
  return EventStoreDBClient.connectionString(addressOf(options).href);
}

export interface Operations {
  readonly client: OperationsClient;
  /** Carries the caller's credentials. */
  readonly metadata: Metadata;
}

/** The store's operations, which the official client does not offer. One node only. */
export function operationsOf(options: Options): Operations {
  const { host, username, password, searchParams } = addressOf(options);
  const metadata = username === '' ? new Metadata() : basic(decodeURIComponent(username), decodeURIComponent(password));
  return { client: new OperationsClient(host, channelCredentials(searchParams)), metadata };
}

function channelCredentials(parameters: URLSearchParams): ReturnType<typeof credentials.createSsl> {
  if (parameters.get('tls') === 'false') return credentials.createInsecure();
  const ca = parameters.get('tlsCAFile');
  return credentials.createSsl(ca === null ? null : readFileSync(ca));
}

function addressOf({ url, user, passwordFile, caFile }: Options): URL {
  const address = new URL(required(url, '--url'));
  if (user !== undefined) {
    address.username = encodeURIComponent(user);
    address.password = encodeURIComponent(readFileSync(required(passwordFile, '--password-file'), 'utf8').trim());
  }
  if (caFile !== undefined) address.searchParams.set('tlsCAFile', caFile);
  return address;
}
