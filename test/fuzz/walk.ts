import { ACTION_WORDS } from '../../apps/controller/src/api/openstack/compute/servers/server-action';
import { Random } from '../sim/random';
import type { Asked } from './asked';
import type { Coverage } from './coverage';
import { type Failure, parameters } from './episode';
import { furnish } from './furnish';
import type { Settings } from './fuzz-cloud';
import { Generator } from './generate';
import type { Operation } from './operations';
import { actionBody } from './recipes';
import { Run } from './run';
import { acting, reaching, DELETION, WAYS_BACK } from './states';

/** How often to ask for what is not granted. */
const TRIES = 30;

/** Statuses that say what is not there at all. */
const NEVER = [410, 501];

/** What was seen on a walk. */
export interface Walk {
  readonly coverage: Coverage;
  readonly fault: Failure | undefined;
}

/** Carries out a walk in a furnished cloud, and compares its rows in the end. */
async function inCloud<T>(
  settings: Settings,
  walk: (run: Run, perform: (...asked: readonly Asked[]) => Promise<void>) => Promise<T>,
): Promise<Walk & { readonly result: T | undefined; readonly operations: readonly Operation[] }> {
  const run = await Run.begin(settings);
  const done: Asked[] = [];
  const { coverage, operations } = run;
  try {
    await furnish(run);
    const result = await walk(run, async (...asked) => {
      for (const one of asked) {
        done.push(one);
        const fault = await run.perform(one);
        if (fault !== undefined) throw new Broken({ fault, asked: done.slice(-8), sent: run.sent.slice(-8), settings });
      }
    });
    const fault = await run.ending();
    const failure = fault === undefined ? undefined : { fault, asked: done.slice(-8), sent: [], settings };
    return { coverage, operations, result, fault: failure };
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    return { coverage, operations, result: undefined, fault: error.failure };
  } finally {
    await run.close();
  }
}

class Broken extends Error {
  constructor(readonly failure: Failure) {
    super(failure.fault.kind);
  }
}

/** What makes things comes before what reads them, and last comes what deletes them, the innermost first. */
const inOrder = (operations: readonly Operation[]): readonly Operation[] => {
  const inward = [...operations].sort((a, b) => b.route.path.split('/').length - a.route.path.split('/').length);
  const of = (method: string): readonly Operation[] =>
    (method === 'DELETE' ? inward : operations).filter(({ route }) => route.method === method);
  return ['POST', 'PUT', 'PATCH', 'GET', 'ALL', 'DELETE'].flatMap(of);
};

/** Every action of a server from one state. */
export function everyAction(state: string): Promise<Walk> {
  const random = new Random(`every action from ${state}`);
  return inCloud({}, async (_run, perform) => {
    for (const word of ACTION_WORDS) {
      const asked = { ...acting(word, null), body: actionBody(word, random) };
      await perform(...reaching(state), asked, DELETION);
    }
  });
}

/** Asks for every operation until it is granted. `never`: what never was, and was not refused because it is not there. */
export async function everyOperation(): Promise<
  Walk & { readonly never: readonly string[]; readonly operations: readonly string[] }
> {
  const random = new Random('every operation');
  const generator = new Generator(random, await parameters());
  const walked = await inCloud(
    { reclaimInstanceIntervalSeconds: 600, shelvedOffloadSeconds: -1 },
    async ({ operations, coverage }, perform) => {
      const isDone = (key: string): boolean =>
        coverage.granted(key) > 0 || NEVER.some((status) => coverage.count(key, status) > 0);
      await perform(...WAYS_BACK);
      for (const operation of inOrder(operations)) {
        const byAdmin = operation.route.service === 'hosts' ? {} : { who: 'admin' as const };
        for (let i = 0; i < TRIES && !isDone(operation.key); i += 1)
          await perform({ ...generator.good(operation, true), ...(i % 2 === 0 ? byAdmin : {}) });
      }
      return operations.map(({ key }) => key).filter((key) => !isDone(key));
    },
  );
  return { ...walked, never: walked.result ?? [], operations: walked.operations.map(({ key }) => key) };
}
