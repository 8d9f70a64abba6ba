import { setImmediate as othersTurn } from 'node:timers/promises';
import type { MemoryEventStore, Position } from '@cairn/event-store';
import { dropReadModels, openReadModel, projections, type ReadModel } from '@cairn/projections';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { openApplication } from '../../../application/application';
import { silentLog } from '../../../log';
import { systemClock } from '../../../runtime/system-clock';
import { createHttpService } from '../../http';
import { computeService } from '.';
import { ComputeCloud } from './testing/compute-cloud';

const SERVERS = 24;
const PLANTED = 'as the changed projector sees it';

/** A later build: the fold of servers is another. */
const changed = projections.map((each): (typeof projections)[number] =>
  each.name !== 'servers.v2'
    ? each
    : {
        ...each,
        version: each.version + 1,
        apply(row, event, key, related) {
          const after = each.apply(row, event, key, related);
          return after === null ? null : Object.assign({}, after, { description: PLANTED });
        },
      },
);

/** The log; the read model gets only the events that a test lets pass. */
class Gate {
  private passing = 0;
  private wake: () => void = () => undefined;

  constructor(private readonly store: MemoryEventStore) {}

  letPass(events: number): void {
    this.passing += events;
    this.wake();
  }

  head(): Promise<Position> {
    return this.store.head();
  }

  history(): Promise<string | undefined> {
    return this.store.history();
  }

  async *subscribe(...args: Parameters<MemoryEventStore['subscribe']>): ReturnType<MemoryEventStore['subscribe']> {
    for await (const message of this.store.subscribe(...args)) {
      while (message.kind === 'event' && this.passing === 0 && !args[1].aborted) await this.more(args[1]);
      if (message.kind === 'event') this.passing -= 1;
      yield message;
    }
  }

  private more(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      this.wake = resolve;
      signal.addEventListener('abort', () => {
        resolve();
      });
    });
  }
}

interface Later {
  readonly app: NestFastifyApplication;
  readonly model: ReadModel;
  readonly gate: Gate;
}

describe('the API while its read models are built', () => {
  let cloud: ComputeCloud;
  let later: Later | undefined;

  beforeEach(async () => {
    cloud = await ComputeCloud.start();
    for (let i = 0; i < SERVERS; i += 1) await cloud.launch(`t${String(i % 4)}`, { name: `server-${String(i)}` });
    await cloud.caughtUp();
    await cloud.core.readModel.close();
  });

  afterEach(async () => {
    await later?.app.close();
    await later?.model.close();
    await cloud.close();
  });

  /** The controller's successor on the same log and database. */
  async function successor(folds: typeof projections): Promise<Later> {
    const gate = new Gate(cloud.memory.store);
    const { database } = cloud.memory;
    const given = { database, log: gate, timer: systemClock, logger: silentLog, projections: folds, batchSize: 5 };
    const model = await openReadModel(given);
    const core = { ...cloud.core, readModel: model };
    later = { model, gate, app: await createHttpService(await openApplication(core), computeService(core.config)) };
    return later;
  }

  const list = async (
    app: NestFastifyApplication,
  ): Promise<{ status: number; seen: string[]; retryAfter: unknown }> => {
    const answer = await app.inject({
      url: '/v2.1/p-admin/servers/detail?all_tenants=1',
      headers: { host: 'localhost:8774', 'x-auth-token': 'admin', 'openstack-api-version': 'compute 2.19' },
    });
    const { servers = [] } = answer.json<{ servers?: { description: string | null }[] }>();
    const seen = servers.map(({ description }) => description ?? '');
    return { status: answer.statusCode, seen, retryAfter: answer.headers['retry-after'] };
  };

  it('answers 503 with Retry-After, never an empty list, until the head is reached; then everything', async () => {
    await dropReadModels(cloud.memory.database);
    const { app, gate, model } = await successor(projections);
    for (let passed = 0; passed < 3; passed += 1) {
      gate.letPass(10);
      expect(await list(app)).toEqual({ status: 503, seen: [], retryAfter: '1' });
    }
    gate.letPass(cloud.memory.store.all().length);
    expect(await model.waitFor(await gate.head(), 30_000)).toBe(true);
    expect(await list(app)).toEqual({ status: 200, seen: Array(SERVERS).fill(''), retryAfter: undefined });
  });

  it('goes on answering from the old generation while a changed projector builds beside it, and then from the new', async () => {
    const { app, gate, model } = await successor(changed);
    await until(() => model.isReady()); // the groups that have not changed stand at the head already
    const answers = new Map<string, number>();
    let reading = true;
    const readers = Array.from({ length: 3 }, async () => {
      while (reading) {
        const { status, seen } = await list(app);
        const what = `${String(status)}, ${String(seen.length)} servers, ${[...new Set(seen)].join('|') || 'old'}`;
        answers.set(what, (answers.get(what) ?? 0) + 1);
        await othersTurn(); // an answer from SQLite waits for nothing: without this nobody else would ever run
      }
    });
    const old = `200, ${String(SERVERS)} servers, old`;
    const next = `200, ${String(SERVERS)} servers, ${PLANTED}`;
    const events = cloud.memory.store.all().length;
    for (let passed = 0; passed < events; passed += 20) {
      gate.letPass(20);
      const before = answers.get(old) ?? 0;
      if (passed + 20 < events) await until(() => (answers.get(old) ?? 0) > before);
    }
    expect(await model.waitFor(await gate.head(), 30_000)).toBe(true);
    await until(() => (answers.get(next) ?? 0) > 3);
    reading = false;
    await Promise.all(readers);
    expect([...answers.keys()]).toEqual([old, next]);
  });
});

async function until(holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error('not within 30 s');
    await othersTurn();
  }
}
