import { ACTION_WORDS } from '../../apps/controller/src/api/openstack/compute/servers/server-action';
import { Random } from '../sim/random';
import type { Coverage } from './coverage';
import { parameters } from './episode';
import type { Asked } from './asked';
import { Generator as RequestGenerator } from './generate';
import type { Operation } from './operations';
import { Making, pointed } from './making';
import { type Played, played } from './played';
import { actionBody } from './recipes';
import { acting, CLEARANCE, DELETION, LAUNCH, reaching } from './states';

/** How often to ask for what is not granted: bodies that are drawn from the rules of their fields are not all good. */
const TRIES = 5;

/** Statuses that say what is not there at all. */
const NEVER = [410, 501];

/** Last comes what takes hosts away, which others need. */
const inOrder = (operations: readonly Operation[]): readonly Operation[] => {
  const takesHosts = ({ key, writes }: Operation): boolean => writes && /os-(services|hosts)/.test(key);
  return [...operations.filter((one) => !takesHosts(one)), ...operations.filter(takesHosts)];
};

/** Every action of a server from one state. */
export function everyAction(state: string): Promise<Played> {
  const random = new Random(`every action from ${state}`);
  return played({ roomy: true }, function* () {
    for (const word of ACTION_WORDS) {
      const asked = { ...acting(word, null), body: actionBody(word, random) };
      yield* [...reaching(state), asked, DELETION];
    }
  });
}

/** Whether an operation was granted, or refused because it is not there. */
const isDone = (coverage: Coverage, key: string): boolean =>
  coverage.granted(key) > 0 || NEVER.some((status) => coverage.count(key, status) > 0);

/** Makes what an operation is about, asks for it, and clears its server away. */
function* attempt(making: Making, operation: Operation, generator: RequestGenerator): Iterable<Asked> {
  const good = (one: Operation): Asked => ({
    ...pointed(generator.good(one, true)),
    ...(one.route.service === 'hosts' ? {} : { who: 'admin' }),
  });
  const before = making.before(operation);
  yield* before.map((one) => ('operation' in one ? one : good(one)));
  yield good(operation);
  if (before.includes(LAUNCH)) yield CLEARANCE;
}

/**
 * Asks for every operation until it is granted, each about things that were made for it: what happened before, and in which
 * order things are listed, makes no difference. `never`: what never was, and was not refused because it is not there.
 */
export async function everyOperation(): Promise<Played & { readonly never: readonly string[] }> {
  const names = await parameters();
  const settings = { roomy: true, reclaimInstanceIntervalSeconds: 600, shelvedOffloadSeconds: -1 };
  const walked = await played(settings, function* ({ operations, coverage }) {
    const making = new Making(operations);
    for (const operation of inOrder(operations)) {
      for (let i = 0; i < TRIES && !isDone(coverage, operation.key); i += 1) {
        const random = new Random(`${operation.key}, ${String(i)}`);
        yield* attempt(making, operation, new RequestGenerator(random, names));
      }
    }
  });
  const keys = walked.operations.map(({ key }) => key);
  return { ...walked, never: keys.filter((key) => !isDone(walked.coverage, key)) };
}
