import { mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { EventLog } from '../src/log/event-log';
import { benchAppends } from './appends';
import { fill } from './events';
import { rawSqlite } from './raw-sqlite';
import { benchReads } from './reads';
import { print, printLoad } from './report';
import { ServerProcess } from './server-process';

const USAGE =
  'usage: npm run bench:eventstore -- [--events 1000000] [--large 10000000] [--dir DIR] [--only appends|reads]';

/** Measures the built event store with the official client, everything fully synced, next to raw SQLite. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      events: { type: 'string', default: '1000000' },
      large: { type: 'string' },
      dir: { type: 'string', default: '/var/tmp' },
      only: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help === true) {
    console.log(USAGE);
    return;
  }
  const directory = mkdtempSync(join(values.dir, 'cairn-bench-'));
  console.log(`in ${directory}, file system type 0x${statfsSync(directory).type.toString(16)}`);
  try {
    printLoad();
    if (values.only !== 'reads') await appends(directory);
    if (values.only === 'appends') return;
    await reads(directory, Number(values.events));
    if (values.large !== undefined) await reads(directory, Number(values.large));
    printLoad();
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function appends(directory: string): Promise<void> {
  const raw = rawSqlite(directory);
  print({ name: 'raw SQLite, commit of one row, p50', value: raw.commitP50, unit: 'ms' });
  print({ name: 'raw SQLite, one row a commit', value: raw.single, unit: '/s' });
  print({ name: 'raw SQLite, a hundred rows a commit', value: raw.hundreds, unit: '/s' });
  const server = await ServerProcess.start(join(directory, 'appends'));
  try {
    await benchAppends(server, raw);
  } finally {
    await server.stop();
  }
}

/** Fills a log of its own in this process, then reads it through a server. */
async function reads(directory: string, events: number): Promise<void> {
  const path = join(directory, `reads-${String(events)}`);
  const cpu = process.cpuUsage();
  const log = EventLog.open({ directory: path });
  await fill(log, events);
  log.close();
  const { user, system } = process.cpuUsage(cpu);
  print({
    name: `log filled with ${events.toLocaleString('en-US')} events, CPU of each`,
    value: (user + system) / events,
    unit: 'us',
  });
  const server = await ServerProcess.start(path);
  try {
    await benchReads(server, events);
  } finally {
    await server.stop();
    rmSync(path, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
