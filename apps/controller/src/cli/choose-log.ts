import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ConnectionStringError, connectionText, isSecure, parsedConnection } from '@cairn/event-store';
import { writeWhole } from '@cairn/os';
import { passwordIn } from './password-file';

/** What `up` keeps of the setting: the connection string without a secret, and the login beside it. */
const FILES = { url: 'store-url', user: 'store-user', password: 'store.password' } as const;

const SETTING = 'CAIRN_EVENTSTORE_URL';
/** The embedded store of this machine, on any port. */
const OURS = /^esdb:\/\/127\.0\.0\.1:\d+\?tls=(true|false)$/;

export const say = (line: string): void => {
  process.stderr.write(`[cairn] ${line}\n`);
};

interface Given {
  readonly name: string;
  readonly url: string;
}

/** The log that the environment names; that of a cloud that was started before it was remembered; undefined: as before. */
function given(environment: NodeJS.ProcessEnv, state: string): Given | undefined {
  const { CAIRN_EVENTSTORE_URL: url, CAIRN_EVENTSTORE_USER: user, EVENTSTORE_URL: old } = environment;
  if (old !== undefined && old !== '') {
    const so = url === undefined ? 'still taken' : 'not looked at beside it';
    say(`EVENTSTORE_URL is called ${SETTING} now, and ${so}: EVENTSTORE_ is the prefix of EventStoreDB's own settings`);
  }
  if (url !== undefined) return { name: SETTING, url };
  if (old !== undefined && old !== '') return { name: 'EVENTSTORE_URL', url: old };
  const [before, remembered] = [join(state, 'controller.json'), join(state, FILES.url)];
  if (existsSync(remembered)) {
    const isAnotherLogin = user !== undefined && user !== '';
    return isAnotherLogin ? { name: SETTING, url: readFileSync(remembered, 'utf8').trim() } : undefined;
  }
  if (!existsSync(before)) return undefined;
  const { eventStoreUrl } = JSON.parse(readFileSync(before, 'utf8')) as { readonly eventStoreUrl?: unknown };
  if (typeof eventStoreUrl !== 'string' || OURS.test(eventStoreUrl)) return undefined;
  return { name: 'eventStoreUrl in controller.json', url: eventStoreUrl };
}

/**
 * Keeps the log that the environment names for this and later starts, with its files named from everywhere.
 * @throws Error in words for the operator, with nothing secret in them
 */
export async function chooseLog(environment: NodeJS.ProcessEnv, state: string, folder: string): Promise<void> {
  const wanted = given(environment, state);
  if (wanted === undefined) return;
  if (wanted.url === '') {
    for (const file of Object.values(FILES)) rmSync(join(state, file), { force: true });
    return;
  }
  const connection = parsedOf(wanted);
  const login = loginOf(environment, connection.defaultCredentials);
  const keeps = login !== undefined && isSecure(connection);
  if (login !== undefined && !keeps) say(`without TLS (tls=false) nobody logs in: the user ${login.user} is left out`);
  if (!isSecure(connection) && connection.hosts.some(({ address }) => !/^(127\.|localhost$)/.test(address)))
    say(`${wanted.name} goes to another machine without TLS: anybody on the way can read and write the log`);
  await writeWhole(join(state, FILES.url), `${connectionText(connection, folder)}\n`);
  for (const [file, value] of [
    [FILES.user, login?.user],
    [FILES.password, login?.password],
  ] as const) {
    if (keeps && value !== undefined) await writeWhole(join(state, file), `${value}\n`);
    else rmSync(join(state, file), { force: true });
  }
}

function parsedOf({ name, url }: Given): ReturnType<typeof parsedConnection> {
  try {
    return parsedConnection(url, (warning) => {
      say(`${name}: ${warning}`);
    });
  } catch (error) {
    if (error instanceof ConnectionStringError) throw new Error(`${name} ${error.message}`, { cause: error });
    throw error;
  }
}

function loginOf(
  { CAIRN_EVENTSTORE_USER: user, CAIRN_EVENTSTORE_PASSWORD_FILE: file }: NodeJS.ProcessEnv,
  inUrl: { readonly username: string; readonly password: string } | undefined,
): { readonly user: string; readonly password: string } | undefined {
  if (user === undefined || user === '') return inUrl && { user: inUrl.username, password: inUrl.password };
  return { user, password: passwordIn(file, 'CAIRN_EVENTSTORE_USER') };
}
