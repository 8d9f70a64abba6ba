import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LogMessage, RecordedEvent } from '@cairn/event-store';
import { fetchWhere, openReadModel, type ReadModel, ServerRow } from '../src';
import { history } from './history';

/**
 * How fast the runner folds a history into SQLite, and what the lists cost then. Usage: `node apply.js [servers] [projects] [batch size]`.
 * The events are in memory: this is the read model's own share, without the wire.
 */
async function main(servers: number, projects: number, batchSize: number): Promise<void> {
  const events = history(servers, projects);
  const directory = await mkdtemp(join(tmpdir(), 'cairn-bench-'));
  try {
    const cpu = process.cpuUsage();
    const start = process.hrtime.bigint();
    const model = await open(directory, events, batchSize);
    await model.waitFor(events.at(-1)?.position ?? 0n, 600_000);
    const seconds = Number(process.hrtime.bigint() - start) / 1e9;
    const { user, system } = process.cpuUsage(cpu);
    print('rebuild', {
      events: events.length,
      seconds: seconds.toFixed(2),
      microsecondsPerBatch: Math.round((seconds * 1e6) / Math.ceil(events.length / batchSize)),
      perSecond: Math.round(events.length / seconds),
      cpuSeconds: ((user + system) / 1e6).toFixed(2),
    });
    await lists(model);
    await model.close();
  } finally {
    await rm(directory, { recursive: true });
  }
}

async function lists(model: ReadModel): Promise<void> {
  for (const take of [100, 1_000]) {
    const times: number[] = [];
    let found = 0;
    for (let i = 0; i < 20; i += 1) {
      const start = process.hrtime.bigint();
      const rows = await model.read((manager) =>
        fetchWhere(
          manager,
          ServerRow,
          { sql: 'deleted = CAST(? AS boolean)', parameters: [false] },
          { orderBy: ['created_at DESC', 'id DESC'], limit: take },
        ),
      );
      found = rows.length;
      times.push(Number(process.hrtime.bigint() - start) / 1e6);
    }
    times.sort((a, b) => a - b);
    print(`list ${String(take)}`, { rows: found, p50ms: times[10]?.toFixed(1), maxMs: times.at(-1)?.toFixed(1) });
  }
}

const print = (what: string, figures: Readonly<Record<string, unknown>>): void => {
  console.log(what.padEnd(10), JSON.stringify(figures));
};

async function open(directory: string, events: readonly RecordedEvent[], batchSize: number): Promise<ReadModel> {
  return openReadModel({
    database: { type: 'sqlite', directory },
    batchSize,
    log: {
      history: () => Promise.resolve(undefined),
      head: () => Promise.resolve(events.at(-1)?.position ?? 0n),
      subscribe: (_after, signal) => all(events, signal),
    },
    timer: { sleep: (ms, signal) => sleep(ms, undefined, { signal }).catch(() => undefined) },
    logger: {
      info: () => undefined,
      error: (message, details) => {
        console.error(message, details);
      },
    },
  });
}

async function* all(events: readonly RecordedEvent[], signal: AbortSignal): AsyncIterable<LogMessage> {
  for (const event of events) yield { kind: 'event', event };
  await new Promise((resolve) => {
    signal.addEventListener('abort', resolve, { once: true });
  });
}

void main(Number(process.argv[2] ?? 5_000), Number(process.argv[3] ?? 100), Number(process.argv[4] ?? 1_000));
