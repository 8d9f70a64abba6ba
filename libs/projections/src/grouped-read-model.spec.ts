import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openReadModel } from './open-read-model';
import type { AnyProjection } from './projection';
import { projections } from './projections';
import { eventually } from './testing/eventually';
import { openFilesIn } from './testing/open-files';
import { fastTime, Told } from './testing/runtime';
import { TestLog } from './testing/test-log';

describe('read models that cannot be served', () => {
  const later: readonly AnyProjection[] = projections.map((each) => ({ ...each, version: each.version + 1 }));
  /** Each in a group of its own: more than SQLite can attach to one connection. */
  const alone = (each: AnyProjection, n: number): AnyProjection => ({
    ...each,
    group: `g${String.fromCharCode('a'.charCodeAt(0) + n)}`,
  });

  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'cairn-read-model-'));
  });
  afterEach(() => rm(directory, { recursive: true }));

  it('are closed, when they are used and when they are opened', async () => {
    const told = new Told();
    const options = {
      log: new TestLog(),
      timer: fastTime,
      logger: told,
      database: { type: 'sqlite', directory },
    } as const;
    const model = await openReadModel({ ...options, projections: projections.map(alone) });
    await eventually('tried twice', () => told.errors.length > 1);
    expect(model.isReady()).toBe(false);
    await model.close();
    await expect(openReadModel({ ...options, projections: later.map(alone) })).rejects.toThrow(/too many attached/);
    expect(await openFilesIn(directory)).toEqual([]);
  });
});
