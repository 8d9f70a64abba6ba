import { everyList } from '../../apps/controller/src/api/openstack/testing/lists';
import { Random } from '../sim/random';
import type { Settings } from './fuzz-cloud';
import { Generator } from './generate';
import type { Operation } from './operations';
import { type Played, played } from './played';
import type { Run } from './run';

/** How many requests one cloud gets: few enough that the shortest history of a fault is found soon. */
const LENGTH = 400;

/** A share of requests that should be granted: what is odd is odd in a cloud in which something happens. */
const GOOD = 0.45;

/** One cloud's life, all of whose chance comes from the seed. */
export async function episode(seed: number): Promise<Played> {
  const random = new Random(`fuzz ${String(seed)}`);
  const generator = new Generator(random, await parameters());
  return played(settingsOf(random), function* (run) {
    for (let i = 0; i < LENGTH; i += 1) {
      const operation = leastGranted(run, random);
      yield random.chance(GOOD) ? generator.good(operation) : generator.odd(operation);
    }
  });
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
