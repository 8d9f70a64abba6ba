import { spawn } from 'node:child_process';
import { closeSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { ran } from '../e2e/cloud';
import type { Configuration } from './configurations';
import { PYTHON } from './configure';
import { bare, type Result } from './outcome';

/** Longest that one test may take, in seconds. */
const TEST_TIMEOUT_S = 400;
/** Tests run in as many processes. */
const WORKERS = 2;

function environment(folder: string, configuration: Configuration): NodeJS.ProcessEnv {
  const { OS_CLOUD: _, ...rest } = process.env;
  return {
    ...rest,
    TEMPEST_CONFIG_DIR: folder,
    TEMPEST_CONFIG: configuration,
    PYTHON,
    OS_TEST_TIMEOUT: String(TEST_TIMEOUT_S),
  };
}

const stestr = (folder: string, args: readonly string[]): readonly string[] => [
  '-c',
  'cd "$1" && shift && exec stestr "$@"',
  'bash',
  folder,
  ...args,
];

/** Ids of the tests that match. @throws Error when Tempest does not load. */
export async function load(folder: string, regex: string): Promise<readonly string[]> {
  const env = environment(folder, 'tempest.conf');
  const options = { env, timeoutMs: 120_000 };
  const started = await ran('/bin/bash', stestr(folder, ['init']), options);
  const listed = await ran('/bin/bash', stestr(folder, ['list', regex]), options);
  const ids = listed.stdout.split('\n').filter((line) => /^[A-Za-z_]\w*(\.\w+)+/.test(line));
  if (listed.status !== 0 || ids.length === 0)
    throw new Error(`no tests match ${regex}: ${started.stderr}${listed.stderr}${listed.stdout}`);
  return ids;
}

export interface Run {
  readonly results: readonly Result[];
  /** Ended before the last test, because the time was over. */
  readonly cut: boolean;
}

export interface RunOptions {
  readonly configuration: Configuration;
  /** Ends the run after that long. */
  readonly withinMs: number | undefined;
  readonly onResult: (result: Result) => void;
}

/** Runs the tests with these ids, and gives each result as it comes. */
export async function run(
  folder: string,
  ids: readonly string[],
  { configuration, withinMs, onResult }: RunOptions,
): Promise<Run> {
  const list = join(folder, 'wanted.txt');
  writeFileSync(list, ids.map((id) => `${id}\n`).join(''));
  const args = ['run', '--subunit', '--concurrency', String(WORKERS), '--load-list', list];
  const errors = openSync(join(folder, 'stestr.log'), 'a');
  // In a process group of its own, so that its workers end with it.
  const child = spawn(
    '/bin/bash',
    ['-c', 'cd "$1" && shift && stestr "$@" | "$PYTHON" "$READER"', 'bash', folder, ...args],
    {
      env: { ...environment(folder, configuration), READER: join(__dirname, 'results.py') },
      detached: true,
      stdio: ['ignore', 'pipe', errors],
    },
  );
  if (child.stdout === null) throw new Error('the runner has no output');
  let cut = false;
  const end = (): void => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGTERM');
  };
  const timer =
    withinMs === undefined
      ? undefined
      : setTimeout(() => {
          cut = true;
          end();
        }, withinMs);
  process.once('exit', end);
  const results: Result[] = [];
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      const result = JSON.parse(line) as Result;
      results.push(result);
      onResult(result);
    }
  } finally {
    clearTimeout(timer);
    process.removeListener('exit', end);
    closeSync(errors);
  }
  return { results, cut };
}

export const wanted = (ids: readonly string[], tests: ReadonlySet<string>): readonly string[] =>
  ids.filter((id) => tests.has(bare(id)));
