import { everyList } from '../../apps/controller/src/api/openstack/testing/lists';
import { Random } from '../sim/random';
import type { Asked } from './asked';
import type { Coverage } from './coverage';
import { furnish } from './furnish';
import type { HttpRequest, Settings } from './fuzz-cloud';
import { Generator } from './generate';
import type { Operation } from './operations';
import type { Fault } from './oracles';
import { Run } from './run';

/** How many requests one cloud gets: few enough that the shortest history of a fault is found soon. */
export const LENGTH = 400;

/** A share of requests that should be granted: what is odd is odd in a cloud in which something happens. */
const GOOD = 0.45;

/** A fault, and the requests that led to it. */
export interface Failure {
  readonly fault: Fault;
  readonly asked: readonly Asked[];
  /** The same as they were sent. */
  readonly sent: readonly HttpRequest[];
  readonly settings: Settings;
}

export interface Episode {
  readonly failure: Failure | undefined;
  readonly coverage: Coverage;
  readonly operations: readonly Operation[];
}

/** One cloud's life, all of whose chance comes from the seed. */
export async function episode(seed: number): Promise<Episode> {
  const random = new Random(`fuzz ${String(seed)}`);
  const settings = settingsOf(random);
  const run = await Run.begin(settings);
  try {
    await furnish(run);
    const generator = new Generator(random, await parameters());
    const asked: Asked[] = [];
    let fault: Fault | undefined;
    while (fault === undefined && asked.length < LENGTH) {
      const operation = leastGranted(run, random);
      const next = random.chance(GOOD) ? generator.good(operation) : generator.odd(operation);
      asked.push(next);
      fault = await run.perform(next);
    }
    fault ??= await run.ending();
    const failure = fault === undefined ? undefined : { fault, asked, sent: run.sent, settings };
    return { failure, coverage: run.coverage, operations: run.operations };
  } finally {
    await run.close();
  }
}

/** The same requests in a new cloud. */
export async function repeated(asked: readonly Asked[], settings: Settings): Promise<Failure | undefined> {
  const run = await Run.begin(settings);
  try {
    await furnish(run);
    const from = run.sent.length;
    let fault: Fault | undefined;
    const done: Asked[] = [];
    for (const one of asked) {
      done.push(one);
      fault = await run.perform(one);
      if (fault !== undefined) break;
    }
    fault ??= await run.ending();
    return fault === undefined ? undefined : { fault, asked: done, sent: run.sent.slice(from), settings };
  } finally {
    await run.close();
  }
}

/** What was granted seldom is asked for more often. */
function leastGranted({ operations, coverage }: Run, random: Random): Operation {
  const some = [random.pick(operations), random.pick(operations)];
  return some.reduce((a, b) => (coverage.granted(b.key) < coverage.granted(a.key) ? b : a));
}

const settingsOf = (random: Random): Settings => ({
  reclaimInstanceIntervalSeconds: random.pick([0, 0, 600]),
  shelvedOffloadSeconds: random.pick([0, -1, 600]),
});

/** The parameters that any list filters by. */
export async function parameters(): Promise<readonly string[]> {
  const lists = await everyList();
  return [...new Set(lists.flatMap(([, { filters, parameters: more = [] }]) => [...Object.keys(filters), ...more]))];
}
