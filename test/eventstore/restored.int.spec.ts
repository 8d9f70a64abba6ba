import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { serverReservation } from '@cairn/domain';
import { EventStoreDb, type NewEvent } from '@cairn/event-store';
import { openReadModel, projections, QuotaRow, type ReadModel } from '@cairn/projections';
import { startEmbeddedEventStore, temporaryDirectory, type EmbeddedEventStore } from '../support/embedded-eventstore';

const CLI = resolve(__dirname, '../../apps/eventstore/src/cli/main.ts');

/** One server more in a project's quota. */
function reserved(n: number, branch: string): NewEvent {
  const reservations = [serverReservation(`${branch}-${String(n)}`, { vcpus: n, ramMb: 1 })];
  const id = `00000000-0000-4000-8000-${branch}${String(n).padStart(11, '0')}`;
  const metadata = { at: '2026-01-01T00:00:00.000Z' };
  return { id, type: 'quota.reserved.v2', data: { reservations, settleAfter: '' }, metadata };
}

describe('an older copy of the log that was restored', () => {
  let folder: Awaited<ReturnType<typeof temporaryDirectory>>;
  let server: EmbeddedEventStore;
  let store: EventStoreDb;
  const models: ReadModel[] = [];

  const log = (): string => join(folder.path, 'log');

  async function start(): Promise<void> {
    server = await startEmbeddedEventStore({ directory: log() });
    store = EventStoreDb.connect(server.url);
  }

  async function stop(): Promise<void> {
    await Promise.all(models.splice(0).map((model) => model.close()));
    await store.close();
    await server.stop();
  }

  const run = promisify(execFile);
  const tool = (...args: readonly string[]): Promise<unknown> =>
    run(process.execPath, ['-r', 'esbuild-register', CLI, ...args, '--dir', log()]);

  /** Appends events of a branch of history to the quotas of two projects, so that positions grow alike. */
  async function append(branch: string, from: number, count: number): Promise<void> {
    for (const project of ['p1', 'p2']) {
      const events = Array.from({ length: count }, (_, n) => reserved(from + n, branch));
      await store.append(`quota-${project}`, from === 0 ? 'no-stream' : BigInt(from - 1), events);
    }
  }

  /** The rows of a read model in that folder, when it shows the whole log. */
  async function rowsIn(name: string): Promise<{ readonly rows: readonly QuotaRow[]; readonly errors: number }> {
    let errors = 0;
    const model = await openReadModel({
      database: { type: 'sqlite', directory: join(folder.path, name) },
      log: store,
      timer: { sleep: (ms, signal) => sleep(ms, undefined, { signal }).catch(() => undefined) },
      logger: {
        info: () => undefined,
        error: () => {
          errors += 1;
        },
      },
    });
    models.push(model);
    expect(await model.waitFor(await store.head(), 30_000)).toBe(true);
    const rows = await model.read((manager) => manager.find(QuotaRow, { order: { id: 'ASC' } }));
    return { rows: JSON.parse(JSON.stringify(rows)) as readonly QuotaRow[], errors };
  }

  beforeEach(async () => {
    folder = await temporaryDirectory();
    await start();
  });
  afterEach(async () => {
    await stop();
    await folder.remove();
  });

  it('is noticed by read models although it has grown beyond their checkpoint with other events', async () => {
    const history = await store.history();
    expect(history).toMatch(/^[0-9a-f-]{36}\/1$/);
    await append('a', 0, 3);
    await tool('backup', join(folder.path, 'backup'));
    await append('a', 3, 4);
    const before = await rowsIn('kept');
    expect(before.rows.map(({ usage }) => usage['instances'])).toEqual([7, 7]);
    const checkpoint = await store.head();
    await stop();

    await tool('restore', join(folder.path, 'backup'));
    await start();
    expect(await store.history()).toBe(history?.replace(/1$/, '2'));
    await append('b', 3, 9);
    expect(await store.head()).toBeGreaterThan(checkpoint);
    const after = await rowsIn('kept');
    expect(after.errors).toBe(new Set(projections.map(({ group }) => group)).size); // each group has its own rows
    expect(after.rows.map(({ usage }) => usage['instances'])).toEqual([12, 12]);
    expect(after.rows).toEqual((await rowsIn('fresh')).rows);
    await stop();

    await start();
    expect(await rowsIn('kept')).toEqual({ rows: after.rows, errors: 0 });
  });
});
