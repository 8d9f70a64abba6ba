import { boundarySet } from './automaton';
import type { CharSet } from './char-set';
import { PatternError, type Assertion, type Node } from './node';

/** Repetitions that may be tried at several lengths: on a name of 4 KiB, two cost milliseconds, three seconds. */
const MAX_REPETITIONS = 2;

/**
 * The same pattern for JavaScript's engine, which can look around and refer to groups but goes back in doing so.
 * @throws PatternError when some names could keep it busy, or when it would find something else than .NET's
 */
export function toJavaScript(pattern: Node): RegExp {
  checkEffort(pattern);
  checkReferences(pattern, new Set());
  return new RegExp(new Writer().write(pattern));
}

class Writer {
  private atoms = 0;

  write(node: Node): string {
    switch (node.kind) {
      case 'set':
        return classOf(node.set);
      case 'assertion':
        return assertionOf(node.what);
      case 'sequence':
        return node.items.map((item) => this.write(item)).join('');
      case 'choice':
        return `(?:${node.items.map((item) => this.write(item)).join('|')})`;
      case 'repeat': {
        const range = `{${String(node.least)},${node.most === Infinity ? '' : String(node.most)}}`;
        return `(?:${this.write(node.item)})${range}${node.lazy ? '?' : ''}`;
      }
      case 'group':
        return `(?<g${String(node.number)}>${this.write(node.item)})`;
      case 'reference':
        return `\\k<g${String(node.number)}>`;
      case 'look':
        return `(?${node.behind ? '<' : ''}${node.negative ? '!' : '='}${this.write(node.item)})`;
      case 'atomic': {
        // What a look-ahead has found is never tried otherwise.
        this.atoms += 1;
        const name = `a${String(this.atoms)}`;
        return `(?=(?<${name}>${this.write(node.item)}))\\k<${name}>`;
      }
    }
  }
}

function classOf(set: CharSet): string {
  const unit = (code: number): string => `\\u${code.toString(16).padStart(4, '0')}`;
  return `[${set.map(([first, last]) => `${unit(first)}-${unit(last)}`).join('')}]`;
}

function assertionOf(what: Assertion): string {
  const word = classOf(boundarySet());
  switch (what) {
    case 'begin':
      return '(?<![^])';
    case 'end':
      return '(?![^])';
    case 'last-line-end':
      return '(?=\\n?(?![^]))';
    case 'line-begin':
      return '(?<![^\\n])';
    case 'line-end':
      return '(?![^\\n])';
    case 'boundary':
      return `(?:(?<=${word})(?!${word})|(?<!${word})(?=${word}))`;
    case 'no-boundary':
      return `(?:(?<=${word})(?=${word})|(?<!${word})(?!${word}))`;
  }
}

function checkEffort(pattern: Node): void {
  let repetitions = 0;
  for (const node of nodesOf(pattern)) {
    if (node.kind !== 'repeat') continue;
    repetitions += 1;
    if (node.item.kind !== 'set' || repetitions > MAX_REPETITIONS)
      throw new PatternError('the regular expression could take unbounded time on some names');
  }
}

function* nodesOf(node: Node): Generator<Node> {
  yield node;
  if ('item' in node) yield* nodesOf(node.item);
  if ('items' in node) for (const item of node.items) yield* nodesOf(item);
}

/**
 * A reference to a group that took no part fails in .NET and finds nothing in JavaScript, so it must certainly have done.
 * @param set the groups that have taken part before this node
 * @returns those that have behind it
 */
function checkReferences(node: Node, set: ReadonlySet<number>): ReadonlySet<number> {
  switch (node.kind) {
    case 'sequence':
      return node.items.reduce((before, item) => checkReferences(item, before), set);
    case 'choice': {
      const [first = set, ...others] = node.items.map((item) => checkReferences(item, set));
      return new Set([...first].filter((number) => others.every((other) => other.has(number))));
    }
    case 'repeat': {
      const behind = checkReferences(node.item, set);
      return node.least > 0 ? behind : set;
    }
    case 'group':
      return new Set([...checkReferences(node.item, set), node.number]);
    case 'look':
    case 'atomic': {
      const behind = checkReferences(node.item, set);
      return node.kind === 'look' && node.negative ? set : behind;
    }
    case 'reference':
      if (!set.has(node.number)) throw new PatternError('a reference to a group that may have taken no part');
      return set;
    default:
      return set;
  }
}
