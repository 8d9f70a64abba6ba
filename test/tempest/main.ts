import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

import { Cloud } from '../e2e/cloud';
import { byConfiguration, readLater } from './configurations';
import { configure } from './configure';
import { readLists, writeLists } from './lists';
import { type Options, optionsOf } from './options';
import { bare, type Outcome, outcomesOf } from './outcome';
import { progress } from './progress';
import { findings, summary } from './report';
import { explained, readRequests, readUnserved } from './requests';
import { shareOf } from './share';
import { load, run, type Run, wanted } from './stestr';
import { agrees, judge, updated } from './verdict';

const HOSTS = 3;
/** Of tests that pass, a second of the two workers' time has so many, from measurement; the run is cut when they are slower. */
const TESTS_PER_SECOND = 1;
/** How many tests are run a second time, and for how long; more that fail are no accident. */
const [MOST_AGAIN, AGAIN_MS] = [3, 60_000];
/** Until the first test begins, the runner loads Tempest three times. */
const LOADING_S = 20;

const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

/** A checkout without git has one turn. */
function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short=12', 'HEAD'], { cwd: __dirname, encoding: 'utf8' }).trim();
  } catch {
    return 'no commit';
  }
}

const seconds = (since: number): string => `${String(Math.round((Date.now() - since) / 1000))} s`;

interface Ended {
  readonly outcomes: readonly Outcome[];
  readonly cut: boolean;
}

/** Runs the tests, each with the configuration that it needs. */
async function runEach(folder: string, ids: readonly string[], withinMs: number | undefined): Promise<Run> {
  const began = Date.now();
  const onResult = progress(ids.length, say);
  const runs: Run[] = [];
  for (const [configuration, part] of byConfiguration(ids, readLater())) {
    if (runs.some(({ cut }) => cut)) break;
    const left = withinMs === undefined ? undefined : Math.max(1_000, began + withinMs - Date.now());
    runs.push(await run(folder, part, { configuration, withinMs: left, onResult }));
  }
  return { results: runs.flatMap(({ results }) => results), cut: runs.some(({ cut }) => cut) };
}

/**
 * Runs the tests, then again by themselves the few that must pass and did not: some change what all share, such as the zone
 * of a host, and are refused while tests beside them have servers there. The later result counts.
 */
async function runWithAgain(
  folder: string,
  ids: readonly string[],
  passing: ReadonlySet<string>,
  withinMs: number | undefined,
): Promise<Run> {
  const first = await runEach(folder, ids, withinMs);
  const failed = first.results.filter(({ id, state }) => state === 'failed' && passing.has(bare(id)));
  if (first.cut || failed.length === 0 || failed.length > MOST_AGAIN) return first;
  say(`again, by themselves: ${failed.map(({ id }) => bare(id)).join(', ')}`);
  const again = await runEach(
    folder,
    failed.map(({ id }) => id),
    AGAIN_MS,
  );
  return { results: [...first.results, ...again.results], cut: again.cut };
}

/** Runs what the options ask for against the cloud. */
async function runAgainst(cloud: Cloud, options: Options, passing: ReadonlySet<string>): Promise<Ended> {
  const folder = await configure(cloud, HOSTS);
  const began = Date.now();
  const all = await load(folder, options.regex);
  let ids = all;
  if (options.seconds !== undefined) {
    const due = all.map(bare).filter((test) => passing.has(test));
    const count = Math.max(1, options.seconds - LOADING_S) * TESTS_PER_SECOND;
    ids = wanted(all, shareOf(due, options.turn, count));
    say(`${String(ids.length)} of ${String(due.length)} tests that must pass, by the turn ${options.turn}`);
  }
  const withinMs =
    options.seconds === undefined ? undefined : Math.max(1_000, began + options.seconds * 1000 - Date.now());
  const { results, cut } = await runWithAgain(folder, ids, passing, withinMs);
  say(`${String(results.length)} results after ${seconds(began)}${cut ? ': the time is over' : ''}`);
  const outcomes = explained(
    outcomesOf(ids.map(bare), results),
    results,
    readRequests(join(folder, 'tempest.log')),
    readUnserved(join(cloud.state, 'log/controller.log')),
  );
  return { outcomes, cut };
}

/** @returns the exit status. */
async function main(args: readonly string[]): Promise<number> {
  const options = optionsOf(args, commit());
  const lists = readLists();
  const cloud = new Cloud({
    firstPort: 23_600,
    simulated: HOSTS,
    cidr: '10.213.60.0/22',
    bridge: 'brtempest',
    latency: 0.2,
  });
  const ended = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      ended.abort();
    });
  const stopped = new Promise<never>((_, fail) => {
    ended.signal.addEventListener('abort', () => {
      fail(new Error('stopped'));
    });
  });
  stopped.catch(() => undefined);
  try {
    const began = Date.now();
    await Promise.race([cloud.up(), stopped]);
    say(`a cloud with ${String(HOSTS)} simulated hosts is up after ${seconds(began)}`);
    const { outcomes, cut } = await Promise.race([runAgainst(cloud, options, lists.passing), stopped]);
    say(`\n${summary(outcomes)}\n`);
    if (options.update) {
      writeLists(updated(outcomes, lists));
      say('test/tempest/passing.txt and absent.tsv are as the run was: look at what git says has changed');
      return 0;
    }
    const verdict = judge(outcomes, lists, { cut });
    say(findings(verdict));
    return agrees(verdict) ? 0 : 1;
  } finally {
    await cloud.destroy();
  }
}

main(process.argv.slice(2)).then(
  (status) => process.exit(status),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
