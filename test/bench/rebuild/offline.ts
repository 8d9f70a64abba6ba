import { execFile } from 'node:child_process';
import { existsSync, statSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

import type { ReadModelDatabase } from '../../../libs/projections/src';
import type { Figure } from '../figures';
import { cpuTimes } from '../machine';

const ROOT = resolve(__dirname, '../../..');
/** Events a second from a verified export, at least. */
const BAR = 80_000;

const run = promisify(execFile);

export interface OfflineRebuild {
  readonly database: ReadModelDatabase;
  /** A folder for the controller's configuration. */
  readonly folder: string;
  /** Of the store that the export is of: the command asks whether it has the last event. */
  readonly url: string;
  readonly file: string;
  readonly profiles: string | undefined;
}

/**
 * Does what `./cairn log export`, once, and `./cairn rebuild --from` do, with the operator's own commands; the figure is the
 * one that they print.
 */
export async function rebuildOffline(rebuild: OfflineRebuild): Promise<readonly Figure[]> {
  const { database, folder, file, profiles } = rebuild;
  const config = join(folder, `offline-${database.type}.json`);
  writeFileSync(config, JSON.stringify(configOf(rebuild)));
  const cli = join(ROOT, 'dist/apps/controller/src/cli/main.js');
  if (!existsSync(file)) {
    console.error('[bench] exporting the log ...');
    await run(process.execPath, [cli, 'log-export', '--config', config, file]);
  }
  const profiling = profiles === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profiles}`];
  const before = cpuTimes('self').children;
  const { stdout } = await run(process.execPath, [...profiling, cli, 'rebuild-from', '--config', config, file]);
  const cpu = cpuTimes('self').children - before;
  const [, events, rate] = /^(\d+) events folded in .* \((\d+) a second\)$/m.exec(stdout) ?? [];
  if (events === undefined) throw new Error(`the offline rebuild said ${stdout}`);
  const perEvent = (cpu * 1e6) / Number(events);
  const size = (statSync(file).size / Number(events)).toFixed(0);
  const note = `${perEvent.toFixed(1)} µs of CPU an event of ${size} bytes, start included; load ${loadavg()[0]?.toFixed(1) ?? ''}`;
  const what = `rebuild on ${database.type} from a verified export`;
  return [{ what, value: Number(rate), unit: 'events/s', bar: BAR, better: 'more', note }];
}

/** As little of a configuration as there can be: the command needs only the log and the database. */
const configOf = ({ database, folder, url }: OfflineRebuild): object => ({
  stateDir: join(folder, 'offline'),
  eventStoreUrl: url,
  ...(database.type === 'postgres' ? { databaseUrl: database.url } : {}),
});
