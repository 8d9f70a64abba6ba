import { ACTION_WORDS } from '../../apps/controller/src/api/openstack/compute/servers/server-action';
import { Random } from '../sim/random';
import type { Coverage } from './coverage';
import { parameters } from './episode';
import { Generator } from './generate';
import type { Operation } from './operations';
import { type Played, played } from './played';
import { actionBody } from './recipes';
import { acting, reaching, DELETION, WAYS_BACK } from './states';

/** How often to ask for what is not granted. */
const TRIES = 30;

/** Statuses that say what is not there at all. */
const NEVER = [410, 501];

/** What makes things comes before what reads them, and last comes what deletes them, the innermost first. */
const inOrder = (operations: readonly Operation[]): readonly Operation[] => {
  const inward = [...operations].sort((a, b) => b.route.path.split('/').length - a.route.path.split('/').length);
  const of = (method: string): readonly Operation[] =>
    (method === 'DELETE' ? inward : operations).filter(({ route }) => route.method === method);
  return ['POST', 'PUT', 'PATCH', 'GET', 'ALL', 'DELETE'].flatMap(of);
};

/** Every action of a server from one state. */
export function everyAction(state: string): Promise<Played> {
  const random = new Random(`every action from ${state}`);
  return played({}, function* () {
    for (const word of ACTION_WORDS) {
      const asked = { ...acting(word, null), body: actionBody(word, random) };
      yield* [...reaching(state), asked, DELETION];
    }
  });
}

/** Whether an operation was granted, or refused because it is not there. */
const isDone = (coverage: Coverage, key: string): boolean =>
  coverage.granted(key) > 0 || NEVER.some((status) => coverage.count(key, status) > 0);

/** Asks for every operation until it is granted. `never`: what never was, and was not refused because it is not there. */
export async function everyOperation(): Promise<Played & { readonly never: readonly string[] }> {
  const random = new Random('every operation');
  const generator = new Generator(random, await parameters());
  const settings = { reclaimInstanceIntervalSeconds: 600, shelvedOffloadSeconds: -1 };
  const walked = await played(settings, function* ({ operations, coverage }) {
    yield* WAYS_BACK;
    for (const operation of inOrder(operations)) {
      const byAdmin = operation.route.service === 'hosts' ? {} : { who: 'admin' as const };
      for (let i = 0; i < TRIES && !isDone(coverage, operation.key); i += 1)
        yield { ...generator.good(operation, true), ...(i % 2 === 0 ? byAdmin : {}) };
    }
  });
  const keys = walked.operations.map(({ key }) => key);
  return { ...walked, never: keys.filter((key) => !isDone(walked.coverage, key)) };
}
