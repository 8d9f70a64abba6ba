import { Database } from '@cairn/sqlite';
import { copyFile, mkdtemp, open, readdir, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { DueEntry } from './due-index';
import { MendingDueIndex } from './mending-due-index';

const entry = (n: number): DueEntry => ({
  stream: `instance-${String(n)}`,
  revision: '7',
  nextDueAt: '2026-01-01T00:00:00.000Z',
  attempts: 0,
  lastError: null,
});
const entries = (count: number): ReadonlyMap<string, DueEntry> =>
  new Map(Array.from({ length: count }, (_, n) => [entry(n).stream, entry(n)]));

/** Bytes in the middle of the file, as a bad disk leaves them. */
async function scribble(file: string): Promise<void> {
  const { size } = await stat(file);
  const handle = await open(file, 'r+');
  for (let at = 4096; at < size; at += 4096) await handle.write(Buffer.alloc(64, 0xa5), 0, 64, at);
  await handle.close();
}

function change(file: string, sql: string): Promise<void> {
  const db = new Database(file);
  db.exec(sql);
  db.close();
  return Promise.resolve();
}

const DAMAGES: readonly (readonly [string, (file: string) => Promise<void>])[] = [
  ['is no database', (file) => writeFile(file, 'no database at all, and long enough to be looked at: '.repeat(20))],
  ['is cut off', (file) => truncate(file, 5_000)],
  ['has damaged pages', scribble],
  ['lacks a table', (file) => change(file, 'DROP TABLE due_stream_v1')],
  ['says no position', (file) => change(file, "UPDATE due_checkpoint_v1 SET position = 'x'")],
];

describe('the index of owed work in a file that can be damaged', () => {
  let folder: string;
  let file: string;
  let reports: string[];
  const opened = (): Promise<MendingDueIndex> => MendingDueIndex.open(file, (message) => reports.push(message));

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cairn-mending-'));
    file = join(folder, 'index.sqlite');
    reports = [];
    const index = await opened();
    await index.keepOf('h');
    await index.commit(entries(500), 9n);
    await index.close();
  });
  afterEach(() => rm(folder, { recursive: true }));

  it.each(DAMAGES)('begins again from nothing at the start when it %s', async (_what, damage) => {
    await damage(file);
    const index = await opened();
    await index.keepOf('h');
    expect(await index.load()).toEqual({ checkpoint: undefined, entries: [] });
    expect(reports).toEqual([expect.stringMatching(/process index was damaged: it is now .*index\.sqlite\.damaged/)]);
    await index.commit(entries(1), 12n);
    await index.close();
    const again = await opened();
    expect(await again.load()).toEqual({ checkpoint: 12n, entries: [entry(0)] });
    await again.close();
    expect(await readdir(folder)).toContain('index.sqlite.damaged');
  });

  it('is left alone when it is sound', async () => {
    const index = await opened();
    expect((await index.load()).entries).toHaveLength(500);
    await index.close();
    expect([reports, await readdir(folder)]).toEqual([[], ['index.sqlite']]);
  });

  it('keeps no checkpoint when it is damaged later: what was owed before is found from the log again', async () => {
    const index = await opened();
    await index.load();
    await change(file, 'DROP TABLE due_stream_v1');
    await index.commit(entries(2), 20n);
    await index.commit(entries(3), 30n);
    expect(reports).toHaveLength(1);
    await index.close();
    const again = await opened();
    const { checkpoint, entries: found } = await again.load();
    expect([checkpoint, found.length]).toEqual([undefined, 3]);
    await again.close();
  });

  it('says what else is wrong', async () => {
    await copyFile(file, `${file}.copy`);
    await rm(file);
    await expect(
      MendingDueIndex.open(join(`${file}.copy`, 'in-a-file'), (message) => reports.push(message)),
    ).rejects.toThrow();
    expect(reports).toEqual([]);
  });
});
