import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Database } from '@cairn/sqlite';
import type { RecordedEvent } from '@cairn/event-store';
import { getMetadataArgsStorage } from 'typeorm';
import { ReadModelNotReady } from './errors';
import { openReadModel } from './open-read-model';
import type { AnyProjection } from './projection';
import { projections } from './projections';
import type { ReadModel } from './read-model';
import { groupsOf } from './runner/generation';
import type { EntityOf } from './runner/row-store';
import { eventually } from './testing/eventually';
import { fastTime, Told } from './testing/runtime';
import { TestLog } from './testing/test-log';
import { rowsAfter } from './testing/timeline';

const RELEASED = resolve(__dirname, '../released');

/** What a release left behind: the log, and the database that it folded from it. Only ever added, never edited. */
function leftBy(release: string): {
  readonly events: readonly RecordedEvent[];
  readonly file: string;
  readonly sql: string;
} {
  const lines = readFileSync(join(RELEASED, release, 'events.jsonl'), 'utf8')
    .trim()
    .split('\n');
  const sql = readFileSync(join(RELEASED, release, 'tables.sql'), 'utf8');
  const events = lines.map((line) => {
    const event = JSON.parse(line) as RecordedEvent & { readonly revision: string; readonly position: string };
    return { ...event, revision: BigInt(event.revision), position: BigInt(event.position) };
  });
  return { events, sql, file: /^-- (read-model-[0-9a-f]{12}\.sqlite)/.exec(sql)?.[1] ?? '' };
}

const later: readonly AnyProjection[] = projections.map((each) => ({ ...each, version: each.version + 100 }));

describe.each(readdirSync(RELEASED))('the database of release %s', (release) => {
  const { events, file, sql } = leftBy(release);
  const end = events.at(-1)?.position ?? 0n;
  let directory: string;
  let model: ReadModel | undefined;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'cairn-released-'));
    new Database(join(directory, file)).exec(sql).close();
  });

  afterEach(async () => {
    await model?.close();
    await rm(directory, { recursive: true });
  });

  it.each([
    ['this build', projections],
    ['a build whose projections are others', later],
  ])('is what %s can start on: in the end the rows are those that it folds itself', async (_, folds) => {
    const log = new TestLog(events);
    const logger = new Told();
    const database = { type: 'sqlite', directory } as const;
    model = await openReadModel({ database, log, timer: fastTime, logger, projections: folds });
    expect(await model.waitFor(end, 100_000)).toBe(true);
    await eventually('its database is gone', () => {
      const left = readdirSync(directory).filter(isDatabase);
      return !left.includes(file) && left.length === groupsOf(folds).length;
    });
    const expected = await rowsAfter(events, undefined, folds);
    for (const { entity } of folds) {
      const rows = await model.read((manager) => manager.find(entity, { order: { id: 'ASC' } }));
      expect(rows.map((row) => ({ ...row }))).toEqual(expected.all(entity));
    }
    expect(logger.errors).toEqual([]);
  });

  it('is folded again where the log names its history: the release did not name the history of its rows', async () => {
    const log = new TestLog(events);
    log.named = 'store/1';
    const logger = new Told();
    const database = { type: 'sqlite', directory } as const;
    model = await openReadModel({ database, log, timer: fastTime, logger });
    expect(await model.waitFor(end, 100_000)).toBe(true);
    const expected = await rowsAfter(events);
    for (const { entity } of projections) {
      const rows = await model.read((manager) => manager.find(entity, { order: { id: 'ASC' } }));
      expect(rows.map((row) => ({ ...row }))).toEqual(expected.all(entity));
    }
    expect(logger.errors).toEqual([]); // its rows are not this build's, and none of them is kept
  });

  it('answers of the groups whose tables it has while later generations are built beside it', async () => {
    const log = new TestLog();
    log.claimedHead = end;
    const database = { type: 'sqlite', directory } as const;
    const options = { database, log, timer: fastTime, logger: new Told(), projections: later };
    model = await openReadModel(options);
    const expected = await rowsAfter(events);
    for (const { entity, group } of projections) {
      const count = model.read((manager) => manager.count(entity));
      const tables = projections.filter((each) => each.group === group).map((each) => tableOf(each.entity));
      if (tables.every((table) => sql.includes(`CREATE TABLE ${table} (`)))
        expect(await count).toBe(expected.all(entity).length);
      else await expect(count).rejects.toThrow(ReadModelNotReady);
    }
  });
});

const tableOf = (entity: EntityOf): string =>
  getMetadataArgsStorage().tables.find(({ target }) => target === entity)?.name ?? '';

const isDatabase = (name: string): boolean => name.endsWith('.sqlite');
