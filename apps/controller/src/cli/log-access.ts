import { readFile } from 'node:fs/promises';
import {
  ADMINISTRATORS,
  type EventStore,
  EventStoreDb,
  isOpen,
  isSecure,
  type KnownUser,
  ownedBy,
  ownerOf,
  parsedConnection,
  SETTINGS,
  StoreRefused,
  type StoreLogin,
  StoreSecurity,
  UserExists,
} from '@cairn/event-store';
import { writeWhole } from '@cairn/os';
import type { ControllerConfig } from '../config';
import { adminOf, connectionOf, connectStore, loginOf } from '../connect-store';
import { isHostLogin } from '../remote-hosts/credentials';
import { closeStore, isAdministrator, ownersOf } from '../remote-hosts/store-access';
import { patiently } from './check-log';
import { say } from './choose-log';
import { wholeLog } from './log-scan';
import { passwordIn } from './password-file';

const ADMIN = 'CAIRN_EVENTSTORE_ADMIN';
const HOW = './cairn log secure closes it';

/** Who alone may use the log's streams: `warn` says so where that is everybody, `secure` makes it the cloud. */
export async function logAccess(config: ControllerConfig, how = '', ownersFile = ''): Promise<number> {
  try {
    if (how === 'warn') await warn(config);
    else await secure(config, ownersFile, how === 'again');
    return 0;
  } catch (error) {
    say(`error: the log's access lists: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  }
}

/** One line for an operator whose log others may read and write; nothing for one that is closed. */
async function warn(config: ControllerConfig): Promise<void> {
  const connection = connectionOf(config);
  if (!isSecure(connection)) {
    say('warning: the log is open: without TLS anybody who reaches the server may read, write and delete its streams');
    return;
  }
  const store = connectStore(config);
  try {
    const open = await isOpenTo(store);
    if (open === undefined) say(`warning: whether the log is open to all users of its server cannot be seen; ${HOW}`);
    else if (open) say(`warning: the log is open: every user of its server may read, write and delete it; ${HOW}`);
  } finally {
    await store.close();
  }
}

/** Undefined where the server's settings may not be read. */
async function isOpenTo(store: Pick<EventStore, 'last'>): Promise<boolean | undefined> {
  try {
    return isOpen((await store.last(SETTINGS))?.data);
  } catch (error) {
    if (error instanceof StoreRefused) return undefined;
    throw error;
  }
}

/** Closes the log to all but the cloud. @param again: also looks at each stream where that was done before */
async function secure(config: ControllerConfig, ownersFile: string, again: boolean): Promise<void> {
  if (!isSecure(parsedConnection(config.eventStoreUrl)))
    throw new Error('without TLS (tls=false) everybody is an administrator: give the server a certificate');
  const admin = administrator(config);
  await patiently(connectionOf(config, admin));
  const security = StoreSecurity.connect(config.eventStoreUrl, admin);
  try {
    const login = loginOf(config);
    // closed to all but administrators it would be closed to the cloud
    if (login === undefined) throw new Error('the log asks for a user: set CAIRN_EVENTSTORE_USER and …_PASSWORD_FILE');
    const users = await usersFor(security, admin);
    if (users.every(({ loginName }) => loginName !== login.user)) await makeUser(security, login);
    const owners = ownersOf(login.user, users);
    const { changed, kept, others } = await closeStore(security, owners);
    say(`the log is ${changed ? 'closed now' : 'closed'} to all but ${owners.join(', ')}`);
    if (kept.length > 0) say(`other users keep what they could do by default: ${kept.join(', ')}`);
    const known = (await readFile(ownersFile, 'utf8').catch(() => '')).trim();
    const wanted = others.length === 0 ? '' : owners.join('\n');
    if (others.length > 0) {
      const claimed = again || changed || known !== wanted ? await claimStreams(config, admin, security, owners) : 0;
      if (claimed > 0) say(`${String(claimed)} streams of the cloud have access lists of their own now`);
      say(`${others.join(', ')} may use streams without access lists: each new stream of the cloud gets one`);
    }
    if (known !== wanted) await writeWhole(ownersFile, `${wanted}\n`);
  } finally {
    await security.close();
  }
}

/** As the environment says, for a login that is not to be kept; otherwise as the configuration does. */
function administrator(config: ControllerConfig): StoreLogin {
  const { [ADMIN]: user, CAIRN_EVENTSTORE_ADMIN_PASSWORD_FILE: file } = process.env;
  if (user !== undefined && user !== '') return { user, password: passwordIn(file, ADMIN), caFile: null };
  const admin = adminOf(config);
  if (admin !== undefined) return admin;
  throw new Error(`set ${ADMIN} and ${ADMIN}_PASSWORD_FILE to an administrator of the server`);
}

/** The server's users. @throws Error when the caller is no administrator */
async function usersFor({ users }: StoreSecurity, { user }: StoreLogin): Promise<readonly KnownUser[]> {
  const all = await users.all().catch((error: unknown) => {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`${user} may not list the server's users (${why}): set ${ADMIN} to an administrator`);
  });
  if (isAdministrator(user, all)) return all;
  throw new Error(`${user} is no administrator of the server (group ${ADMINISTRATORS}): set ${ADMIN} to one`);
}

/** Makes the user that the cloud is to be; the check of the log says whether its password is right. */
async function makeUser({ users }: StoreSecurity, { user, password }: StoreLogin): Promise<void> {
  try {
    await users.make({ login: user, password, groups: [] });
    say(`the server has a user ${user} now`);
  } catch (error) {
    if (!(error instanceof UserExists)) throw error;
  }
}

/** Gives each stream of the cloud a list that has none. @returns how many */
async function claimStreams(
  config: ControllerConfig,
  admin: StoreLogin,
  security: StoreSecurity,
  owners: readonly string[],
): Promise<number> {
  // as the administrator: the cloud may not read yet what another user of it began
  const store = EventStoreDb.connect(config.eventStoreUrl, { login: admin });
  const seen = new Set<string>();
  let claimed = 0;
  try {
    for await (const event of wholeLog(store)) {
      if (seen.has(event.stream) || !['cairn', 'unchained'].includes(ownerOf(event))) continue;
      seen.add(event.stream);
      if (await security.claim(event.stream, ownedBy(owners), isHostLogin)) claimed += 1;
    }
  } finally {
    await store.close();
  }
  return claimed;
}
