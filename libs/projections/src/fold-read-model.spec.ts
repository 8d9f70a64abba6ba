import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RecordedEvent } from '@cairn/event-store';
import fc from 'fast-check';
import { generationsIn } from './database/generations';
import { UnknownEvent } from './errors';
import { foldReadModel } from './fold-read-model';
import { CheckpointRow, LogHistoryRow } from './runner/rows';
import { entities } from './schema';
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
    const [generation = ''] = await generations.others('');
    const reader = await generations.openReader(generation);
    const kept = entities.filter((entity) => entity !== CheckpointRow && entity !== LogHistoryRow);
    const sizes = await Promise.all(
      kept.map(async (entity) => {
        const rows = await reader.manager.find(entity, { order: { id: 'ASC' } });
        expect(rows).toEqual(followed.all(entity));
        return rows.length;
      }),
    );
    expect(sizes.filter((size) => size > 0).length).toBeGreaterThan(5);
    const [checkpoint] = await reader.query<unknown[]>('SELECT position, built FROM checkpoint');
    const { position } = log.at(-1) as RecordedEvent;
    expect(checkpoint).toEqual({ position: String(position).padStart(20, '0'), built: 1 });
    expect(await reader.query<unknown[]>('SELECT history FROM log_history')).toEqual([{ history: 'store/1' }]);
    await reader.destroy();
  });

  it('are not touched when the log cannot be folded to its end', async () => {
    const unknown = { ...(cloudOf(fc.sample(pasts(5), { numRuns: 1, seed: 1 })[0] as never).log[0] as RecordedEvent) };
    const database = { type: 'sqlite', directory } as const;
    const folded = foldReadModel({ database, history }, inBatches([{ ...unknown, type: 'project.created.v99' }], 1));
    await expect(folded).rejects.toThrow(UnknownEvent);
    expect(await generationsIn(database).others('')).toEqual([]);
  });
});
