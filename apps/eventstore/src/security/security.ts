import { readFileSync } from 'node:fs';
import { ServerCredentials, type ServerInterceptor } from '@grpc/grpc-js';
import type { EventLog } from '../log/event-log';
import { AccessPolicy } from './access-policy';
import { Authenticator } from './authenticator';
import { everyoneIsAdmin, LoggedIn, type Callers } from './callers';
import { authentication } from './interceptor';
import { hashPassword, verifyPassword } from './passwords';
import { ADMINS, type User } from './user';
import { UserDirectory } from './user-directory';

export interface TlsFiles {
  readonly certificateFile: string;
  readonly keyFile: string;
}

/** How connections are protected and callers told apart. */
export interface Security {
  readonly isSecure: boolean;
  readonly credentials: ServerCredentials;
  readonly interceptors: readonly ServerInterceptor[];
  readonly callers: Callers;
  readonly users: UserDirectory;
}

/** The administrator whose password the set-up knows. */
const ADMIN = 'admin';

/** No TLS and no users: for loopback only, where every local process may do everything. */
export function openSecurity(log: EventLog): Security {
  return {
    isSecure: false,
    credentials: ServerCredentials.createInsecure(),
    interceptors: [],
    callers: everyoneIsAdmin,
    users: new UserDirectory(log),
  };
}

/**
 * TLS and users, always both: a password must not travel in clear, and encryption alone keeps nobody out.
 * @throws Error when a file cannot be read or is no certificate or key
 */
export function tlsSecurity(log: EventLog, { certificateFile, keyFile }: TlsFiles): Security {
  const users = new UserDirectory(log);
  const callers = new LoggedIn(new AccessPolicy(log));
  const pair = { cert_chain: readFileSync(certificateFile), private_key: readFileSync(keyFile) };
  return {
    isSecure: true,
    credentials: ServerCredentials.createSsl(null, [pair], false),
    interceptors: [authentication({ authenticator: new Authenticator(users), users, callers })],
    callers,
    users,
  };
}

/**
 * Makes the administrator with the password of the file, or gives it that password when it has another: who may read
 * that file rules the store.
 * @throws Error when the file holds no password
 */
export async function ensureAdmin(users: UserDirectory, passwordFile: string): Promise<void> {
  const password = readFileSync(passwordFile, 'utf8').trim();
  if (password === '') throw new Error(`${passwordFile} holds no password`);
  const { user, revision } = users.find(ADMIN);
  const same = await verifyPassword(password, user);
  if (user !== undefined && same && !user.disabled && user.groups.includes(ADMINS)) return;
  const groups = [...new Set([...(user?.groups ?? []), ADMINS])];
  const secret = same && user !== undefined ? { salt: user.salt, hash: user.hash } : await hashPassword(password);
  const fullName = user?.fullName ?? 'Event store administrator';
  const admin: User = { loginName: ADMIN, fullName, groups, disabled: false, ...secret };
  const outcome = await users.save(admin, revision);
  if (outcome.kind !== 'done') throw new Error(`the administrator could not be written: ${outcome.kind}`);
}

/** Whether somebody can make users. */
export const hasAdmin = (users: UserDirectory): boolean =>
  users.all().some(({ user }) => user?.disabled === false && user.groups.includes(ADMINS));
