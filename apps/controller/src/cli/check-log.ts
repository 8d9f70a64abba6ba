import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  checkLog,
  ConnectionStringError,
  type EventStore,
  LogUnusable,
  NAME_STREAM,
  nameLog,
  nameOf,
  type StoreConnection,
} from '@cairn/event-store';
import { writeWhole } from '@cairn/os';
import type { ControllerConfig } from '../config';
import { connectionOf, connectStore } from '../connect-store';
import { checkHead } from '../log-head/check-head';
import { refuseMoved } from '../log-head/log-witness';
import { headKey, rememberedHead } from '../log-head/signed-head';
import { say } from './choose-log';

/** How long a server may take to start, or to find a leader. */
const PATIENCE_MS = 30_000;
const RETRY_MS = 500;

/**
 * Checks that the log can be used and is the one of this cloud; names a log that is used for the first time. One line of
 * standard error says what is wrong and what would mend it.
 * @param nameFile where the name of this cloud's log is kept
 * @param setting where the log is set, for that line
 */
export async function checkLogOf(config: ControllerConfig, nameFile = '', setting = 'eventStoreUrl'): Promise<number> {
  try {
    const connection = connectionOf(config);
    await patiently(connection);
    const store = connectStore(config);
    try {
      await checkName(store, nameFile);
      await checkSeen(store, config.stateDir);
    } finally {
      await store.close();
    }
    return 0;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const joint = error instanceof ConnectionStringError ? '' : ':';
    say(`error: the log (${setting})${joint} ${why}`);
    return 1;
  }
}

/** @throws LogMoved, LogLost when the log is not, or no longer, the one that the cloud has seen */
async function checkSeen(store: EventStore, stateDir: string): Promise<void> {
  refuseMoved(await store.last(NAME_STREAM));
  const seen = existsSync(stateDir) ? await rememberedHead(stateDir, await headKey(stateDir)) : undefined;
  if (seen !== undefined) await checkHead(store, seen);
}

/** Checks the log, and again while a server starts. @throws LogUnusable for what does not go by by itself */
export async function patiently(connection: StoreConnection): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      await checkLog(connection);
      return;
    } catch (error) {
      if (!(error instanceof LogUnusable && error.passing) || performance.now() > end) throw error;
    }
    await sleep(RETRY_MS);
  }
}

/**
 * The file holds the log's name and, of an embedded store, its id: older copies of such a log have no name.
 * @throws Error when it is not this cloud's log
 */
export async function checkName(store: EventStore, nameFile: string): Promise<void> {
  const [kept = '', keptStore = ''] = (await readFile(nameFile, 'utf8').catch(() => '')).trim().split(' ');
  const found = await nameOf(store);
  const [storeId = ''] = ((await store.history()) ?? '').split('/');
  if (kept !== '' && found !== kept && !(found === undefined && storeId !== '' && storeId === keptStore)) {
    const isEmpty = (await store.head()) === 0n;
    const there = found === undefined ? (isEmpty ? 'an empty log' : 'a log without a name') : `the log ${found}`;
    throw new Error(
      `this cloud's log is ${kept}, and there is ${there}: set it to where ${kept} is, or use another CAIRN_STATE`,
    );
  }
  const name = found ?? (await nameLog(store, kept === '' ? undefined : kept));
  const said = `${name} ${storeId === '' ? name : storeId}`;
  // on a full disk `up` starts what is missing
  if (said !== `${kept} ${keptStore}`) await writeWhole(nameFile, `${said}\n`);
}
