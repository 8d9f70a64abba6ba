import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { EventStoreDBClient } from '@eventstore/db-client';
import { type ConnectionOptions, parseConnectionString } from '@eventstore/db-client/dist/Client/parseConnectionString';
import { type ChannelCredentials, credentials } from '@grpc/grpc-js';
import type { StoreLogin } from './store-login';

/** A connection string that the official client does not take, in words without any part of it: it may hold a password. */
export class ConnectionStringError extends Error {}

/** What a connection string says, as the official client understands it. */
export interface StoreConnection extends Omit<ConnectionOptions, 'hosts' | 'tlsVerifyCert'> {
  readonly hosts: readonly { readonly address: string; readonly port: number }[];
}

type Endpoint = StoreConnection['hosts'][number];

/** Parameters whose values are paths of files. */
const FILES = ['tlsCAFile', 'userCertFile', 'userKeyFile'] as const;

/**
 * Reads a connection string by the client's own parser.
 * @param warned is told what the client ignores in it
 * @throws ConnectionStringError
 */
export function parsedConnection(text: string, warned: (what: string) => void = () => undefined): StoreConnection {
  // The parser would write the whole string to standard error, password included, for a parameter that it ignores.
  const { warn } = console;
  console.warn = (said: unknown): void => {
    warned(String(said).split('\n', 1)[0] ?? '');
  };
  try {
    const { tlsVerifyCert: _, ...connection } = parseConnectionString(text);
    // a part of the password would be a part of the node's name, which is shown
    if (!connection.hosts.some(({ address }) => address.includes('@'))) return connection;
    throw new ConnectionStringError('has an @ in user or password: there it is written %40');
  } catch (error) {
    if (error instanceof ConnectionStringError) throw error;
    const { location, expected } = error as { readonly location?: readonly number[]; readonly expected?: string };
    const where = location === undefined ? '' : `: at character ${String((location[0] ?? 0) + 1)} it wants`;
    throw new ConnectionStringError(`is no connection string of EventStoreDB${where} ${expected ?? ''}`.trim());
  } finally {
    console.warn = warn;
  }
}

/** What is wrong with a connection string that is in a file which everybody may read; undefined: nothing. */
export function connectionFault(text: string): string | undefined {
  try {
    const { defaultCredentials } = parsedConnection(text);
    return defaultCredentials && 'must not hold a password: eventStoreLogin names a file with it';
  } catch (error) {
    return (error as Error).message;
  }
}

export const isSecure = ({ tls }: StoreConnection): boolean => tls !== false;

/** The nodes that it names, for people. */
export const nodesOf = ({ hosts }: StoreConnection): string => hosts.map(addressOf).join(', ');

export const addressOf = ({ address, port }: Endpoint): string => `${address}:${String(port)}`;

/**
 * The same as a connection string, without user and password.
 * @param folder that its relative paths are relative to
 */
export function connectionText(connection: StoreConnection, folder: string): string {
  const { dnsDiscover, hosts, defaultCredentials: _, ...options } = connection;
  const parameters = Object.entries(options).map(([name, value]) => {
    const text = (FILES as readonly string[]).includes(name) ? resolve(folder, String(value)) : String(value);
    return `${name}=${encodeURIComponent(text)}`;
  });
  const scheme = dnsDiscover ? 'esdb+discover' : 'esdb';
  return `${scheme}://${hosts.map(addressOf).join(',')}${parameters.length === 0 ? '' : `?${parameters.join('&')}`}`;
}

/**
 * The same, as that user.
 * @throws ConnectionStringError where there is no TLS: the client would leave the password out without a word
 */
export function withLogin(connection: StoreConnection, { user, password, caFile }: StoreLogin): StoreConnection {
  if (!isSecure(connection))
    throw new ConnectionStringError('asks for no TLS: a store that asks for a user must be reached by TLS (tls=true)');
  const tlsCAFile = connection.tlsCAFile ?? caFile;
  const defaultCredentials = { username: user, password };
  return { ...connection, defaultCredentials, ...(tlsCAFile === null ? {} : { tlsCAFile }) };
}

/** The same, but to one of its nodes alone. */
export const toNode = (connection: StoreConnection, node: Endpoint): StoreConnection => ({
  ...connection,
  dnsDiscover: false,
  hosts: [node],
});

/** The official client for the store. Nothing is connected yet. @throws ConnectionStringError */
export function clientOf(connection: StoreConnection): EventStoreDBClient {
  const { hosts, dnsDiscover, defaultCredentials, ...options } = connection;
  const rest = Object.entries(options).filter(
    ([name]) => name !== 'tls' && !(FILES as readonly string[]).includes(name),
  );
  const settings = { ...Object.fromEntries(rest), ...targetOf(hosts, dnsDiscover) };
  if (!isSecure(connection)) return madeOf(settings, { insecure: true }, undefined);
  return madeOf(settings, filesOf(connection), defaultCredentials);
}

/** How gRPC secures its channels. @throws ConnectionStringError when one of the files that it names cannot be read */
export function channelCredentialsOf(connection: StoreConnection): ChannelCredentials {
  if (!isSecure(connection)) return credentials.createInsecure();
  const { rootCertificate = null, userKeyFile = null, userCertFile = null } = filesOf(connection);
  return credentials.createSsl(rootCertificate, userKeyFile, userCertFile);
}

/** The files that it names, by what they are for. @throws ConnectionStringError when one cannot be read */
export function filesOf({ tlsCAFile, userCertFile, userKeyFile }: StoreConnection): CertificateFiles {
  if ((userCertFile === undefined) !== (userKeyFile === undefined))
    throw new ConnectionStringError('must name userCertFile and userKeyFile together');
  return {
    ...(tlsCAFile === undefined ? {} : { rootCertificate: fileOf('tlsCAFile', tlsCAFile) }),
    ...(userCertFile === undefined ? {} : { userCertFile: fileOf('userCertFile', userCertFile) }),
    ...(userKeyFile === undefined ? {} : { userKeyFile: fileOf('userKeyFile', userKeyFile) }),
  };
}

interface CertificateFiles {
  readonly rootCertificate?: Buffer;
  readonly userCertFile?: Buffer;
  readonly userKeyFile?: Buffer;
}

type Made = ConstructorParameters<typeof EventStoreDBClient>;

function madeOf(settings: object, channel: Made[1], credentials: Made[2]): EventStoreDBClient {
  try {
    return new EventStoreDBClient(settings as Made[0], channel, credentials);
  } catch (error) {
    throw new ConnectionStringError(`cannot be used: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** One node is used as it is; several, or a name, are asked for the leader. */
function targetOf(hosts: readonly Endpoint[], dnsDiscover: boolean): object {
  const [first] = hosts;
  if (dnsDiscover) return { discover: first };
  return hosts.length > 1 ? { endpoints: hosts } : { endpoint: first };
}

function fileOf(parameter: string, path: string): Buffer {
  if (!existsSync(path)) throw new ConnectionStringError(`names a file that does not exist: ${parameter}=${path}`);
  try {
    return readFileSync(path);
  } catch {
    throw new ConnectionStringError(`names a file that cannot be read: ${parameter}=${path}`);
  }
}
