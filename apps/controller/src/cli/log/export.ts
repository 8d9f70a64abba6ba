import { nameOf } from '@cairn/event-store';
import { publicPem, writeWhole } from '@cairn/os';
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createPublicKey } from 'node:crypto';

import type { ControllerConfig } from '../../config';
import { connectStore } from '../../connect-store';
import { checkHead } from '../../log-head/check-head';
import type { LogHead } from '../../log-head/log-digest';
import { headKey, headText, openHead, signedHead } from '../../log-head/signed-head';
import { logFrom } from '../log-scan';
import { checkedWalk } from '../verify.command';
import { eventsIn, ExportWriter, isKept, mendEnd } from './export-file';
import { LogWalk } from './log-walk';
import { rateOf, say, tell } from './words';

/** Files of a backup. */
export const BACKUP = { log: 'log.jsonl', checkpoint: 'checkpoint.json', key: 'public-key.pem' } as const;

type Store = ReturnType<typeof connectStore>;

/** `log-export [FILE]`: Cairn's events, a line of JSON each; a file that holds the beginning of them is gone on with. */
export async function exportLog(config: ControllerConfig, file: string | undefined): Promise<number> {
  const store = connectStore(config);
  try {
    await exported(store, file === undefined ? undefined : resolve(file), []);
    return 0;
  } finally {
    await store.close();
  }
}

/** `log-backup DIRECTORY`: an export with a signed checkpoint of it; a later one adds what is new. */
export async function backUpLog(config: ControllerConfig, directory: string | undefined): Promise<number> {
  if (directory === undefined) throw new Error('the directory of the backup is missing');
  const at = (name: string): string => join(resolve(directory), name);
  await mkdir(resolve(directory), { recursive: true, mode: 0o700 });
  const key = await headKey(config.stateDir);
  const before = existsSync(at(BACKUP.checkpoint))
    ? [openHead(await readFile(at(BACKUP.checkpoint), 'utf8'), createPublicKey(key))]
    : [];
  const store = connectStore(config);
  try {
    const head = await exported(store, at(BACKUP.log), before);
    if (head === undefined) throw new Error('the log is empty');
    await writeWhole(at(BACKUP.checkpoint), headText(signedHead(head, key)));
    await writeWhole(at(BACKUP.key), publicPem(key));
    say(`the backup in ${resolve(directory)} reaches event ${String(head.events)}, position ${head.position}; signed`);
    return 0;
  } finally {
    await store.close();
  }
}

/**
 * @param before what an existing file must go on from
 * @returns the head of what the file holds now
 */
async function exported(
  store: Store,
  file: string | undefined,
  before: readonly LogHead[],
): Promise<LogHead | undefined> {
  const began = performance.now();
  const name = (await nameOf(store)) ?? '';
  const { walk, last } =
    file !== undefined && (await mendEnd(file)) ? await beginning(store, file, before, name) : EMPTY();
  const had = walk.digest.events;
  if (had === 0 && before.length > 0) throw new Error('the backup was cut off: its checkpoint goes further');
  const output = new ExportWriter(file);
  let written = 0;
  for await (const event of logFrom(store, last)) {
    walk.take(event);
    if (walk.fault !== undefined) throw new Error(walk.fault);
    if (!isKept(event)) continue;
    await output.write(event);
    written += 1;
  }
  await output.end();
  for (const line of walk.others) tell(line);
  tell(`exported ${String(written)} events, verified${rateOf(written, began)}`);
  return walk.digest.head(name, new Date().toISOString());
}

const EMPTY = (): { readonly walk: LogWalk; readonly last: bigint | undefined } => ({
  walk: new LogWalk(),
  last: undefined,
});

async function beginning(
  store: Store,
  file: string,
  before: readonly LogHead[],
  name: string,
): Promise<ReturnType<typeof EMPTY>> {
  let last: bigint | undefined;
  async function* noted(): ReturnType<typeof eventsIn> {
    for await (const event of eventsIn(file)) {
      last = event.position;
      yield event;
    }
  }
  const [walk, broken] = await checkedWalk(noted(), before, name);
  const why = broken[0] ?? walk.fault;
  if (why !== undefined) throw new Error(`${file} cannot be trusted: ${why}`);
  const head = walk.digest.head(name, '');
  if (head === undefined) return { walk, last };
  await checkHead(store, head).catch((error: unknown) => {
    throw new Error(
      `the log does not go on from ${file}, which ends at event ${String(head.events)}: keep it, and begin another`,
      {
        cause: error,
      },
    );
  });
  return { walk, last };
}
