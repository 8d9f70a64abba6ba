import { cloudOf } from '../testing/histories';
import { eventually } from '../testing/eventually';
import { fastTime, Told } from '../testing/runtime';
import { testDatabase, type TestDatabase } from '../testing/test-database';
import { TestLog } from '../testing/test-log';
import { openReadModel } from '../open-read-model';
import type { AnyProjection } from '../projection';
import { projections } from '../projections';
import type { ReadModel } from '../read-model';
import { QuotaReservationRow, QuotaRow } from '../read-models';
import { groupsOf } from '../runner/generation';
import { generationsIn } from './generations';

const { log: past } = cloudOf({ seed: 11, steps: 150 });
const end = past.at(-1)?.position ?? 0n;
const GROUPS = groupsOf(projections).length;
const later: readonly AnyProjection[] = projections.map((each) => ({ ...each, version: each.version + 1 }));

/** Two controllers, each with a subscription of its own, on one database: PostgreSQL only. */
describe('controllers that share a database', () => {
  let test: TestDatabase;
  const open: ReadModel[] = [];
  const told = new Told();

  beforeEach(async () => {
    test = await testDatabase();
  });

  afterEach(async () => {
    for (const model of open.splice(0)) await model.close();
    await test.remove();
  });

  async function opened(log: TestLog, folds = projections): Promise<ReadModel> {
    const options = { database: test.database, log, timer: fastTime, logger: told, batchSize: 7 };
    const model = await openReadModel({ ...options, projections: folds });
    open.push(model);
    return model;
  }

  it('apply each event once between them, and each reads its own writes', async () => {
    const logs = [new TestLog(), new TestLog()] as const;
    const models = await Promise.all(logs.map((log) => opened(log)));
    for (let n = 0; n < past.length; n += 11) for (const log of logs) log.push(...past.slice(n, n + 11));
    for (const model of models) expect(await model.waitFor(end, 100_000)).toBe(true);
    for (const model of models) {
      const items = await model.read((rows) => rows.count(QuotaReservationRow));
      const quotas = await model.read((rows) => rows.find(QuotaRow));
      expect(quotas.reduce((sum, { usage }) => sum + (usage['instances'] ?? 0), 0)).toBe(items);
      expect(items).toBeGreaterThan(0);
    }
    expect(told.errors).toEqual([]);
  });

  it('go on alone where the other has ended', async () => {
    const logs = [new TestLog(past.slice(0, 40)), new TestLog(past.slice(0, 40))] as const;
    const [first, second] = [await opened(logs[0]), await opened(logs[1])];
    for (const model of [first, second]) await model.waitFor(past[39]?.position ?? 0n, 100_000);
    await first.close();
    open.shift();
    logs[1].push(...past.slice(40));
    expect(await second.waitFor(end, 100_000)).toBe(true);
  });

  it('drop a damaged generation when the other has let go of it, and say so until then', async () => {
    const model = await opened(new TestLog(past));
    await eventually('ready', () => model.isReady());
    await model.close();
    open.shift();
    const generations = generationsIn(test.database);
    const [group] = groupsOf(projections);
    const other = await generations.openWriter(group?.generation ?? '', group?.entities ?? []);
    await other.query('DROP TABLE checkpoint');
    const opening = openReadModel({ database: test.database, log: new TestLog(past), timer: fastTime, logger: told });
    await expect(opening).rejects.toThrow(/is damaged, and not dropped: another controller still uses it/);
    await other.destroy();
    const again = await opened(new TestLog(past));
    await eventually('ready', () => again.isReady());
  });

  it('of different builds read each its own generation; the older one is dropped when nobody reads it', async () => {
    const [older, newer] = [await opened(new TestLog(past)), await opened(new TestLog(past), later)];
    // the newer may answer from what the older one has built, which does not move on, until it has caught up itself
    for (const model of [older, newer]) await eventually('all is shown', () => model.waitFor(end, 1_000));
    await eventually('ready', () => older.isReady() && newer.isReady());
    expect(await older.read((rows) => rows.count(QuotaRow))).toBe(await newer.read((rows) => rows.count(QuotaRow)));
    expect(await generationsIn(test.database).all()).toHaveLength(2 * GROUPS);
    for (const model of open.splice(0)) await model.close();
    const again = await opened(new TestLog(past), later);
    await eventually('ready', () => again.isReady());
    await eventually('alone', async () => (await generationsIn(test.database).all()).length === GROUPS);
  });
});
