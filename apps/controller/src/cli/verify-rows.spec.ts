import { MemoryEventStore } from '@cairn/event-store';
import { openReadModel, type ReadModelDatabase } from '@cairn/projections';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Database } from '@cairn/sqlite';

import { silentLog } from '../log';
import { systemClock } from '../runtime/system-clock';
import { verifyRows } from './verify-rows';

const store = new MemoryEventStore();
const at = '2026-11-22T12:00:00.000Z';
const FLAVOR = { name: 'm1.tiny', vcpus: 1, ramMb: 512, rootGb: 1, ephemeralGb: 0, swapMb: 0, rxtxFactor: 1 };

describe('verify --rows', () => {
  let directory: string;
  let database: ReadModelDatabase;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'cairn-verify-rows-'));
    database = { type: 'sqlite', directory };
    for (const flavorId of ['1', '2', '3'])
      await store.append(`flavor-${flavorId}`, 'no-stream', [
        { id: flavorId, type: 'flavor.created.v1', data: { ...FLAVOR, flavorId, isPublic: true }, metadata: { at } },
      ]);
    const model = await openReadModel({ database, log: store, timer: systemClock, logger: silentLog });
    await model.waitFor(await store.head(), 10_000);
    while (!model.isReady()) await systemClock.sleep(5);
    await model.close();
  });

  afterAll(() => rm(directory, { recursive: true }));

  async function asked(): Promise<readonly [number, readonly string[]]> {
    const lines: string[] = [];
    const status = await verifyRows(store, database, (line) => lines.push(line));
    return [status, lines];
  }

  it('says that rows are what the log says', async () => {
    expect(await asked()).toEqual([0, ['the rows of 3 streams: are what the log says']]);
  });

  it('names each row that is not, makes it again, and ends with 1', async () => {
    const file = (await readdir(directory)).find((name) => name.endsWith('_flavors.sqlite')) ?? '';
    const rows = new Database(join(directory, file));
    rows.prepare("UPDATE flavor_v2 SET vcpus = 9 WHERE id = '1'").run();
    rows.prepare("DELETE FROM flavor_v2 WHERE id = '2'").run();
    rows.prepare("UPDATE flavor_v2 SET id = '4' WHERE id = '3'").run();
    rows.close();
    const [status, lines] = await asked();
    expect(status).toBe(1);
    expect([...lines].sort()).toEqual([
      'DIFFERS flavor-1: FlavorRow 1 is wrong (vcpus); made again',
      'DIFFERS flavor-2: FlavorRow 2 is missing; made again',
      'DIFFERS flavor-3: FlavorRow 3 is missing; made again',
      'DIFFERS flavor-4: FlavorRow 4 is unexplained; made again',
      'the rows of 4 streams: 4 were not what the log says',
    ]);
    expect((await asked())[0]).toBe(0);
  });
});
