import type { Random } from '../sim/random';
import { isNodeObject, type Node, type NodeObject } from './asked';
import { HOSTILE } from './values';

const KEYS = ['__proto__', 'constructor', 'toString', 'id', 'name', 'surprise', '', '\ud800', 'x'.repeat(300)];

/** How many places a node has in which something can be wrong, itself among them. */
function size(node: Node): number {
  const inner: readonly Node[] = Array.isArray(node) ? node : isNodeObject(node) ? Object.values(node) : [];
  return inner.reduce<number>((sum, item) => sum + size(item), 1);
}

/** The node with a change in one place. */
export function mutated(node: Node, random: Random): Node {
  return at(node, random.int(0, size(node) - 1), random);
}

function at(node: Node, place: number, random: Random): Node {
  if (place === 0) return changed(node, random);
  let left = place - 1;
  const inner = (item: Node): Node => {
    const within = size(item);
    const here = left >= 0 && left < within;
    const next = here ? at(item, left, random) : item;
    left -= within;
    return next;
  };
  if (Array.isArray(node)) return node.map(inner);
  return isNodeObject(node) ? Object.fromEntries(Object.entries(node).map(([key, item]) => [key, inner(item)])) : node;
}

function changed(node: Node, random: Random): Node {
  if (isNodeObject(node) && random.chance(0.6)) return otherMembers(node, random);
  if (Array.isArray(node) && random.chance(0.4)) return [...(node as readonly Node[]), ...(node as readonly Node[])];
  if (random.chance(0.1)) return [node];
  if (random.chance(0.1)) return { [random.pick(KEYS)]: node };
  return random.pick(HOSTILE);
}

function otherMembers(node: NodeObject, random: Random): NodeObject {
  const entries = Object.entries(node);
  if (entries.length > 0 && random.chance(0.4)) {
    const gone = random.int(0, entries.length - 1);
    return Object.fromEntries(entries.filter((_, i) => i !== gone));
  }
  return Object.fromEntries([...entries, [random.pick(KEYS), random.pick(HOSTILE)]]);
}
