import { connectionText, isSecure, parsedConnection } from '@cairn/event-store';

/** An EventStoreDB that is there for tests. */
export interface RealStore {
  /** Connection string without a login. */
  readonly url: string;
  readonly isSecure: boolean;
  /** The login that the given connection string has; empty where it has none. */
  readonly user: string;
  readonly password: string;
}

/** What a variable of the environment says of one by a connection string; undefined where it is not set. */
export function realStore(variable: string): RealStore | undefined {
  const text = process.env[variable];
  return text === undefined ? undefined : storeAt(text);
}

/** What a connection string says of a store. */
export function storeAt(text: string): RealStore {
  const connection = parsedConnection(text);
  const { username: user = '', password = '' } = connection.defaultCredentials ?? {};
  return { url: connectionText(connection, process.cwd()), isSecure: isSecure(connection), user, password };
}
