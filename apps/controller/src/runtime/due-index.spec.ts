import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type DueEntry, type DueIndex, MemoryDueIndex } from './due-index';
import { SqlDueIndex } from './due-index.sql';

const entry: DueEntry = {
  stream: 'instance-1',
  revision: '7',
  nextDueAt: '2026-01-01T00:00:00.000Z',
  attempts: 2,
  lastError: 'no host',
};

interface Kept {
  readonly index: DueIndex;
  /** The index as another process finds it. */
  again(): Promise<DueIndex>;
  remove(): Promise<void>;
}

function memory(): Promise<Kept> {
  const index = new MemoryDueIndex();
  return Promise.resolve({ index, again: () => Promise.resolve(index), remove: () => Promise.resolve() });
}

async function file(): Promise<Kept> {
  const directory = await mkdtemp(join(tmpdir(), 'cairn-due-index-'));
  const path = join(directory, 'index.sqlite');
  let open = await SqlDueIndex.open(path);
  return {
    index: open,
    again: async () => {
      await open.close();
      open = await SqlDueIndex.open(path);
      return open;
    },
    remove: async () => {
      await open.close();
      await rm(directory, { recursive: true });
    },
  };
}

describe.each([
  ['in memory', memory],
  ['in a file', file],
])('the index of owed work %s', (_, make) => {
  let kept: Kept;
  beforeEach(async () => {
    kept = await make();
    await kept.index.commit(new Map([[entry.stream, entry]]), 9n);
  });
  afterEach(() => kept.remove());

  it('gives back what was committed', async () => {
    expect(await (await kept.again()).load()).toEqual({ checkpoint: 9n, entries: [entry] });
  });

  it('keeps everything while the log is the same, also where it does not say which it is', async () => {
    await kept.index.keepOf(null);
    expect(await kept.index.load()).toEqual({ checkpoint: 9n, entries: [entry] });
  });

  it('forgets what it knows of another history, once', async () => {
    await kept.index.keepOf('store/1');
    expect(await kept.index.load()).toEqual({ checkpoint: undefined, entries: [] });
    await kept.index.commit(new Map([[entry.stream, entry]]), 3n);
    const again = await kept.again();
    await again.keepOf('store/1');
    expect(await again.load()).toEqual({ checkpoint: 3n, entries: [entry] });
    await again.keepOf('store/2');
    expect(await again.load()).toEqual({ checkpoint: undefined, entries: [] });
  });
});
