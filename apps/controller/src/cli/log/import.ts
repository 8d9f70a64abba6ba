import { type EventStore, nameOf, recordTurn } from '@cairn/event-store';
import { createPublicKey, type KeyObject } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import type { ControllerConfig } from '../../config';
import { connectStore } from '../../connect-store';
import { described } from '../../log-head/check-head';
import type { LogHead } from '../../log-head/log-digest';
import { headKey, openHead, rememberHead, signedHead } from '../../log-head/signed-head';
import { LOG_KEY } from '../../state-files';
import { logFrom, wholeLog } from '../log-scan';
import { checkedWalk } from '../verify.command';
import { LogCopy } from './copy-log';
import { BACKUP } from './export';
import { eventsIn } from './export-file';
import { LogWalk } from './log-walk';
import { rateOf, say, tell } from './words';

/**
 * `log-import FILE`: makes the log, which is empty or a beginning of it, what an export holds. May be repeated, and goes on
 * where an earlier one was ended.
 */
export async function importLog(config: ControllerConfig, file: string | undefined): Promise<number> {
  if (file === undefined) throw new Error('the export is missing');
  const store = connectStore(config);
  try {
    await checkedFile(file, []);
    const { log } = await imported(store, file);
    await rememberAll(store, config.stateDir, log);
    return 0;
  } finally {
    await store.close();
  }
}

/** `log-restore DIRECTORY [--public-key FILE]`: the same of a backup, whose signature is checked first. */
export async function restoreLog(config: ControllerConfig, ...args: readonly (string | undefined)[]): Promise<number> {
  const { directory, publicKey } = options(args);
  const file = join(directory, BACKUP.log);
  const key = await keyOf(config.stateDir, directory, publicKey);
  const head = openHead(await readFile(join(directory, BACKUP.checkpoint), 'utf8'), key);
  const store = connectStore(config);
  try {
    await checkedFile(file, [head]);
    const { events, hash, log } = await imported(store, file);
    if (events !== head.events)
      say(`${String(events - head.events)} events behind the checkpoint of the backup are not signed`);
    await recordTurn(store, 'restored', { events, hash });
    await rememberAll(store, config.stateDir, log);
    return 0;
  } finally {
    await store.close();
  }
}

/** What a file holds, and the walk over the log that holds the same now. */
interface Imported {
  readonly events: number;
  readonly hash: string;
  readonly log: LogWalk;
}

/** Writes what the log lacks, and checks that it then is what the file holds. */
async function imported(store: EventStore, file: string): Promise<Imported> {
  const began = performance.now();
  const copy = new LogCopy(store, tell);
  await copy.take(eventsIn(file));
  await copy.finish();
  say(`imported ${String(copy.written)} events${rateOf(copy.written, began)}`);
  const { events, hash } = copy.walk.digest;
  return { events, hash, log: await checkCopy(store, copy.walk) };
}

/**
 * Walks over a copy, and checks that it goes on from the whole of what was copied: as many events, each chain, one order.
 * @returns that walk
 * @throws Error when it does not
 */
export async function checkCopy(store: EventStore, { digest }: LogWalk): Promise<LogWalk> {
  const began = performance.now();
  const name = (await nameOf(store)) ?? '';
  const head = digest.head(name, 'the copy');
  if (head === undefined) return new LogWalk();
  const [walk, broken] = await checkedWalk(wholeLog(store), [head], name);
  const why = broken[0] ?? walk.fault;
  if (why !== undefined) throw new Error(`the copy is not what was copied: ${why}. Begin again with an empty log`);
  for (const line of walk.others) say(line);
  const streams = String(walk.verifier.streams);
  say(
    `verified: the same ${String(digest.events)} events of ${streams} streams, hash ${digest.hash}${rateOf(walk.digest.events, began)}`,
  );
  return walk;
}

/**
 * Remembers the whole log as seen, as it is there now.
 * @param walk over its beginning, which is not read again
 */
export async function rememberAll(store: EventStore, stateDir: string, walk = new LogWalk()): Promise<void> {
  const name = (await nameOf(store)) ?? '';
  await walk.takeAll(logFrom(store, walk.digest.position));
  const head = walk.digest.head(name, new Date().toISOString());
  if (head === undefined) return;
  await rememberHead(stateDir, signedHead(head, await headKey(stateDir)));
  say(`the cloud goes on from ${described(head)}`);
}

/** @throws Error when the file is not sound, before anything is written */
async function checkedFile(file: string, heads: readonly LogHead[]): Promise<void> {
  const began = performance.now();
  const [walk, broken] = await checkedWalk(eventsIn(file), heads, heads[0]?.name ?? '');
  const why = broken[0] ?? walk.fault;
  if (why !== undefined) throw new Error(`${file} cannot be trusted: ${why}`);
  say(`${file} holds: ${String(walk.digest.events)} events${rateOf(walk.digest.events, began)}`);
}

async function keyOf(stateDir: string, directory: string, publicKey: string | undefined): Promise<KeyObject> {
  if (publicKey !== undefined) return createPublicKey(await readFile(publicKey));
  if (existsSync(join(stateDir, LOG_KEY))) return createPublicKey(await headKey(stateDir));
  say(
    'the signature is checked with the key in the backup itself: only one that was kept elsewhere (--public-key) proves who signed',
  );
  return createPublicKey(await readFile(join(directory, BACKUP.key)));
}

function options(args: readonly (string | undefined)[]): {
  readonly directory: string;
  readonly publicKey: string | undefined;
} {
  const { values, positionals } = parseArgs({
    args: args.filter((arg) => arg !== undefined),
    allowPositionals: true,
    options: { 'public-key': { type: 'string' } },
  });
  const [directory, ...more] = positionals;
  if (directory === undefined || more.length > 0) throw new Error('usage: log restore DIRECTORY [--public-key FILE]');
  return { directory: resolve(directory), publicKey: values['public-key'] };
}
