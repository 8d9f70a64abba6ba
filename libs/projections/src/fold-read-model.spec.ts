import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RecordedEvent } from '@cairn/event-store';
import fc from 'fast-check';
import { generationsIn } from './database/generations';
import { UnknownEvent } from './errors';
import { foldReadModel } from './fold-read-model';
import { projections } from './projections';
import { groupsOf } from './runner/generation';
import { positionText } from './runner/position';
import { SqlRowStore } from './runner/sql-row-store';
import { bookkeeping } from './schema';
import { cloudOf, pasts } from './testing/histories';
import { rowsAfter } from './testing/timeline';

describe('read models that are folded at once', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'cairn-fold-'));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  const history = (): Promise<string> => Promise.resolve('store/1');

  async function* inBatches(log: readonly RecordedEvent[], size: number): AsyncGenerator<readonly RecordedEvent[]> {
    for (let from = 0; from < log.length; from += size) yield await Promise.resolve(log.slice(from, from + size));
  }

  it('have the rows that following the log makes, and its end as their checkpoint', async () => {
    const [past] = fc.sample(pasts(120), { numRuns: 1, seed: 7 });
    const { log } = cloudOf(past as NonNullable<typeof past>);
    const database = { type: 'sqlite', directory } as const;
    expect(await foldReadModel({ database, history }, inBatches(log, 7))).toBe(log.length);
    const followed = await rowsAfter(log);
    const generations = generationsIn(database);
    const made = await generations.all();
    expect([...made].sort()).toEqual(
      groupsOf(projections)
        .map(({ generation }) => generation)
        .sort(),
    );
    const kept = projections.map(({ entity }) => entity);
    const reader = await generations.openReader(made, kept);
    const sizes = await Promise.all(
      kept.map(async (entity) => {
        const rows = await reader.manager.find(entity, { order: { id: 'ASC' } });
        expect(rows).toEqual(followed.all(entity));
        return rows.length;
      }),
    );
    expect(sizes.filter((size) => size > 0).length).toBeGreaterThan(5);
    await reader.destroy();
    for (const generation of made) {
      const group = await generations.openReader([generation], bookkeeping);
      const store = new SqlRowStore(group);
      const { position } = log.at(-1) as RecordedEvent;
      expect(await store.checkpoint()).toEqual({ position: positionText(position), built: true, parked: new Set() });
      expect(await store.history()).toBe('store/1');
      await group.destroy();
    }
  });

  it('are not touched when the log cannot be folded to its end', async () => {
    const unknown = { ...(cloudOf(fc.sample(pasts(5), { numRuns: 1, seed: 1 })[0] as never).log[0] as RecordedEvent) };
    const database = { type: 'sqlite', directory } as const;
    const folded = foldReadModel({ database, history }, inBatches([{ ...unknown, type: 'project.created.v99' }], 1));
    await expect(folded).rejects.toThrow(UnknownEvent);
    expect(await generationsIn(database).all()).toEqual([]);
  });
});
