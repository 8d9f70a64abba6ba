import { type Asked, isNodeObject, type NodeObject } from './asked';
import { type Failure, played } from './played';

/** How long to look for a shorter history, in real time. */
const PATIENCE_MS = 120_000;

/** The shortest history that was found with the same kind of fault at the same operation, each request as plain as can be. */
export async function shortest(first: Failure, patienceMs = PATIENCE_MS): Promise<Failure> {
  const until = Date.now() + patienceMs;
  let best = first;
  const try_ = async (asked: readonly Asked[]): Promise<boolean> => {
    if (Date.now() > until) return false;
    const { failure: again } = await played(first.settings, () => asked);
    if (again === undefined || !isSame(again, first)) return false;
    best = again;
    return true;
  };
  const last = first.asked.at(-1);
  const isAlone = last !== undefined && (await try_([last]));
  if (!isAlone) {
    for (let chunk = Math.ceil(best.asked.length / 2); chunk >= 1 && Date.now() < until; chunk = Math.floor(chunk / 2))
      for (let at = best.asked.length - chunk; at >= 0; at -= chunk)
        await try_([...best.asked.slice(0, at), ...best.asked.slice(at + chunk)]);
  }
  for (let at = best.asked.length - 1; at >= 0; at -= 1)
    for (const plainer of plainerThan(best.asked[at] as Asked)) await try_(best.asked.with(at, plainer));
  return best;
}

const isSame = (a: Failure, b: Failure): boolean =>
  a.fault.kind === b.fault.kind && a.asked.at(-1)?.operation === b.asked.at(-1)?.operation;

/** The request without one of the things that it has. */
function plainerThan(asked: Asked): readonly Asked[] {
  const { spoiling, ...unspoilt } = asked;
  return [
    ...(asked.then === 'settle' ? [] : [{ ...asked, then: 'settle' as const }]),
    ...(spoiling === undefined ? [] : [unspoilt]),
    ...asked.query.map((_, i) => ({ ...asked, query: asked.query.filter((__, j) => j !== i) })),
    ...(Object.keys(asked.headers).length === 0 ? [] : [{ ...asked, headers: {} }]),
    ...membersOf(asked).map((body) => ({ ...asked, body })),
  ];
}

/** The body without one of its members, at the first two depths. */
function membersOf({ body }: Asked): readonly NodeObject[] {
  if (body === undefined || !isNodeObject(body)) return [];
  return Object.entries(body).flatMap(([key, value]) => [
    without(body, key),
    ...(isNodeObject(value) ? Object.keys(value).map((inner) => ({ ...body, [key]: without(value, inner) })) : []),
  ]);
}

const without = (node: NodeObject, gone: string): NodeObject =>
  Object.fromEntries(Object.entries(node).filter(([name]) => name !== gone));
