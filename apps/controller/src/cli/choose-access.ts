import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  ConnectionStringError,
  connectionText,
  isSecure,
  parsedConnection,
  type StoreConnection,
} from '@cairn/event-store';
import { writeWhole } from '@cairn/os';
import { passwordIn } from './password-file';

/** What `up` keeps of the settings for access to a log elsewhere. */
const FILES = {
  hostsUrl: 'store-hosts-url',
  admin: 'store-admin',
  adminPassword: 'store-admin.password',
  secure: 'store-secure',
  owners: 'store-owners',
} as const;

const HOSTS_URL = 'CAIRN_HOSTS_EVENTSTORE_URL';
const ADMIN = 'CAIRN_EVENTSTORE_ADMIN';

/**
 * Keeps for a log elsewhere who administers it, how enrolled hosts reach it, and whether it is to be closed to others; forgets
 * all of that where the log is the embedded one.
 * @param folder that relative paths of files are relative to
 * @param remote whether hosts on other machines may be enrolled
 * @throws Error in words for the operator, with nothing secret in them
 */
export async function chooseAccess(
  environment: NodeJS.ProcessEnv,
  state: string,
  folder: string,
  remote: boolean,
): Promise<void> {
  const path = (file: keyof typeof FILES): string => join(state, FILES[file]);
  const log = kept(join(state, 'store-url'));
  if (log === undefined) {
    for (const file of Object.values(FILES)) rmSync(join(state, file), { force: true });
    return;
  }
  const keep = async (file: keyof typeof FILES, value: string | undefined): Promise<void> => {
    if (value === undefined) return;
    if (value === '') rmSync(path(file), { force: true });
    else await writeWhole(path(file), `${value}\n`);
  };
  const { [ADMIN]: admin, CAIRN_EVENTSTORE_ADMIN_PASSWORD_FILE: file, CAIRN_EVENTSTORE_SECURE: secure } = environment;
  await keep('admin', admin);
  await keep('adminPassword', admin && passwordIn(file, ADMIN));
  await keep('secure', secure === 'no' ? '' : secure);
  const url = environment[HOSTS_URL];
  await keep('hostsUrl', url && hostsUrl(url, folder));
  if (remote) checkHostsWay(kept(path('hostsUrl')), log);
}

const kept = (file: string): string | undefined => (existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined);

function hostsUrl(url: string, folder: string): string {
  try {
    const { defaultCredentials, ...connection } = parsedConnection(url);
    if (defaultCredentials !== undefined)
      throw new ConnectionStringError('must not name a user: each host has its own');
    return connectionText(connection, folder);
  } catch (error) {
    if (error instanceof ConnectionStringError) throw new Error(`${HOSTS_URL} ${error.message}`, { cause: error });
    throw error;
  }
}

/** That hosts on other machines can reach the log, and believe it. */
function checkHostsWay(given: string | undefined, log: string): void {
  const connection = parsedConnection(log);
  const told = given === undefined ? faultElsewhere(connection) : undefined;
  for (const [name, fault] of [
    ['CAIRN_EVENTSTORE_URL', faultOf(connection) ?? told],
    [HOSTS_URL, given === undefined ? undefined : faultOf(parsedConnection(given))],
  ] as const)
    if (fault !== undefined) throw new Error(`${name} ${fault}`);
}

const FOR_HOSTS = 'for hosts on other machines (CAIRN_HOSTS_ADDRESS)';

function faultOf(connection: StoreConnection): string | undefined {
  if (!isSecure(connection)) return `has no TLS, which is needed ${FOR_HOSTS}`;
  return connection.tlsCAFile === undefined ? `names no tlsCAFile, the authority to believe, ${FOR_HOSTS}` : undefined;
}

function faultElsewhere({ hosts }: StoreConnection): string | undefined {
  const own = hosts.find(({ address }) => /^(127\.|localhost$|\[?::1\]?$)/.test(address));
  return own && `names ${own.address}, where hosts on other machines find themselves: set ${HOSTS_URL}`;
}
