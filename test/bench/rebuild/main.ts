import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import type { ReadModelDatabase } from '../../../libs/projections/src';
import { installed, startServer } from '../../postgres/server';
import { startEmbeddedEventStore } from '../../support/embedded-eventstore';
import { type Figure, table } from '../figures';
import { cpuTimes, yardstick } from '../machine';
import { whatLimits } from '../profile';
import { rebuildOffline } from './offline';
import type { Rebuilt } from './reader';
import { writeLog } from './write-log';

const BAR = 35_000;
/** As infra/cloud/run.sh starts a controller; not with its allocator and libs/at-rest, which matter after work. */
const HEAP = ['--max-semi-space-size=32', '--heap-growing-percent=100'];
const ROOT = resolve(__dirname, '../../..');

/**
 * Rebuilds the read models over the wire from an embedded event store, on SQLite and on PostgreSQL. Store, controller
 * and database are processes of their own. Wall-clock time is worth what the machine's idleness is; so besides it the
 * rate is computed that the processor time allows on two processors: no process may use more than one, all no more than
 * two. Then the same offline, from a verified export of the same log.
 */
export async function rebuild(events = 1_000_000, profiles?: string): Promise<readonly Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'cairn-rebuild-'));
  const binaries = installed();
  const postgres = binaries === undefined ? undefined : await startServer(binaries);
  if (postgres === undefined) console.warn('[bench] PostgreSQL is not installed: skipped');
  try {
    const directory = join(folder, 'log');
    console.error(`[bench] writing ${String(events)} events ...`);
    await writeLog(directory, events);
    const databases: readonly ReadModelDatabase[] = [
      { type: 'sqlite', directory: join(folder, 'rows') },
      ...(postgres === undefined ? [] : [{ type: 'postgres', url: postgres.url } as const]),
    ];
    const figures: Figure[] = [];
    const server = postgres?.folder ?? '';
    for (const database of databases) {
      figures.push(...(await measured({ folder, directory, database, server, events, profiles })));
    }
    return figures;
  } finally {
    await postgres?.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Run {
  /** For what is only needed here. */
  readonly folder: string;
  readonly directory: string;
  readonly database: ReadModelDatabase;
  /** The database's own, if it has one: part of its command line. */
  readonly server: string;
  readonly events: number;
  readonly profiles: string | undefined;
}

async function measured(run: Run): Promise<readonly Figure[]> {
  const { directory, database, server, events, profiles } = run;
  const store = await startEmbeddedEventStore({ directory });
  try {
    const before = { store: await cpuOf(directory), rows: await cpuOf(server) };
    const rebuilt = await read(store.url, database, profiles);
    const perEvent = (seconds: number): number => (seconds * 1e6) / events;
    const each = {
      controller: perEvent(rebuilt.cpuSeconds),
      eventstore: perEvent((await cpuOf(directory)) - before.store),
      ...(database.type === 'postgres' ? { postgres: perEvent((await cpuOf(server)) - before.rows) } : {}),
    };
    const all = Object.values(each).reduce((sum, one) => sum + one, 0);
    const allowed = 1e6 / Math.max(...Object.values(each), all / 2);
    const of = Object.entries(each).map(([name, cpu]) => `${name} ${cpu.toFixed(1)}`);
    const note = `${of.join(', ')} µs of CPU an event; load ${loadavg()[0]?.toFixed(1) ?? ''}`;
    const what = `rebuild on ${database.type}`;
    return [
      {
        what: `${what}, wall clock`,
        value: events / rebuilt.seconds,
        unit: 'events/s',
        bar: BAR,
        better: 'more',
        note,
      },
      { what: `${what}, by CPU on two`, value: allowed, unit: 'events/s', bar: BAR, better: 'more' },
      { what: `${what}, peak of the controller`, value: rebuilt.peakMib, unit: 'MiB', better: 'less' },
      ...(await offline(run, store.url)),
    ];
  } finally {
    await store.stop();
  }
}

async function offline({ folder, database, profiles }: Run, url: string): Promise<readonly Figure[]> {
  const file = join(folder, 'export.jsonl');
  return rebuildOffline({ database, folder, url, file, profiles });
}

async function read(url: string, database: ReadModelDatabase, profiles: string | undefined): Promise<Rebuilt> {
  const profiling = profiles === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profiles}`];
  const script = join(ROOT, 'test/bench/rebuild/reader.ts');
  const child = spawn(
    process.execPath,
    [...HEAP, ...profiling, '-r', 'esbuild-register', script, url, JSON.stringify(database)],
    {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  const [status] = (await once(child, 'exit')) as [number | null];
  if (status !== 0) throw new Error(`the rebuild ended with ${String(status)}`);
  return JSON.parse(output) as Rebuilt;
}

/** Seconds of processor time of the process whose command line has a part, with its children that have ended. */
async function cpuOf(part: string): Promise<number> {
  if (part === '') return 0;
  let seconds = 0;
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (!line.includes(part)) continue;
    try {
      const { own, children } = cpuTimes(pid);
      seconds += own + children;
    } catch {
      // it has ended meanwhile
    }
  }
  return seconds;
}

async function main(args: readonly string[]): Promise<void> {
  const count = args.find((arg) => /^\d+$/.test(arg));
  const profiles = args.includes('--profile') ? await mkdtemp(join(tmpdir(), 'cairn-profile-')) : undefined;
  console.error(`[bench] processor: ${yardstick().toFixed(0)} ms for the yardstick`);
  console.log(`\n${table(await rebuild(count === undefined ? undefined : Number(count), profiles))}\n`);
  if (profiles !== undefined)
    console.log(`Shares of busy time (profiles in ${profiles}):\n${whatLimits(profiles).join('\n')}`);
}

if (require.main === module) {
  main(process.argv.slice(2)).catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });
}
