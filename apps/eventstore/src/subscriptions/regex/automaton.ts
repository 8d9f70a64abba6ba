import { contains, shorthandOf, unionOf, type CharSet } from './char-set';
import { PatternError, type Assertion, type Node } from './node';

/** Bounds the time that one name may take: at most so many steps for each of its characters. */
const MAX_STATES = 2_000;

type State =
  | { readonly kind: 'set'; readonly set: CharSet; readonly next: number }
  | { readonly kind: 'assertion'; readonly what: Assertion; readonly next: number }
  | { readonly kind: 'split'; next: number; other: number }
  | { readonly kind: 'match' };

let wordSet: CharSet | undefined;

/** What `\b` takes for a part of a word: `\w` and the two joiners. */
export function boundarySet(): CharSet {
  wordSet ??= unionOf(shorthandOf('w'), [[0x200c, 0x200d]]);
  return wordSet;
}

/** Whether a text holds a match, found in time that grows with the text and the pattern alone: it never goes back. */
export class Automaton {
  private readonly states: State[] = [{ kind: 'match' }];
  private readonly start: number;
  private readonly marks: Int32Array;
  private round = 0;

  /** @throws PatternError for what such a matcher cannot do, and for a pattern that is too large */
  constructor(pattern: Node) {
    this.start = this.compiled(pattern, 0);
    this.marks = new Int32Array(this.states.length);
  }

  test(text: string): boolean {
    this.marks.fill(0);
    this.round = 0;
    let current: number[] = [];
    for (let at = 0; at <= text.length; at += 1) {
      const entered: number[] = [];
      this.round += 1;
      for (const state of current) if (this.enter(state, text, at, entered)) return true;
      if (this.enter(this.start, text, at, entered)) return true;
      current = this.moved(entered, text.charCodeAt(at));
    }
    return false;
  }

  /** The states that a character leads to. */
  private moved(entered: readonly number[], unit: number): number[] {
    const next: number[] = [];
    for (const index of entered) {
      const state = this.states[index];
      if (state?.kind === 'set' && contains(state.set, unit)) next.push(state.next);
    }
    return next;
  }

  /** Collects the states that wait for a character, from this one on. @returns true at the end of the pattern */
  private enter(first: number, text: string, at: number, entered: number[]): boolean {
    const waiting = [first];
    for (let index = waiting.pop(); index !== undefined; index = waiting.pop()) {
      if (this.marks[index] === this.round) continue;
      this.marks[index] = this.round;
      const state = this.states[index];
      if (state === undefined) continue;
      if (state.kind === 'match') return true;
      if (state.kind === 'set') entered.push(index);
      else if (state.kind === 'split') waiting.push(state.other, state.next);
      else if (holds(state.what, text, at)) waiting.push(state.next);
    }
    return false;
  }

  private compiled(node: Node, next: number): number {
    switch (node.kind) {
      case 'set':
        return this.add({ kind: 'set', set: node.set, next });
      case 'assertion':
        return this.add({ kind: 'assertion', what: node.what, next });
      case 'group':
        return this.compiled(node.item, next);
      case 'sequence':
        return node.items.reduceRight((behind, item) => this.compiled(item, behind), next);
      case 'choice':
        return node.items
          .map((item) => this.compiled(item, next))
          .reduceRight((other, first) => this.add({ kind: 'split', next: first, other }));
      case 'repeat':
        return this.repeated(node.item, node.least, node.most, next);
      default:
        throw new PatternError('the pattern cannot be matched in linear time');
    }
  }

  private repeated(item: Node, least: number, most: number, next: number): number {
    let first = next;
    if (most === Infinity) {
      const loop: State = { kind: 'split', next: 0, other: next };
      first = this.add(loop);
      loop.next = this.compiled(item, first);
    } else {
      for (let i = least; i < most; i += 1)
        first = this.add({ kind: 'split', next: this.compiled(item, first), other: next });
    }
    for (let i = 0; i < least; i += 1) {
      const before = this.compiled(item, first);
      if (before === first) break; // nothing, however often
      first = before;
    }
    return first;
  }

  private add(state: State): number {
    if (this.states.length >= MAX_STATES) throw new PatternError('the regular expression is too large');
    return this.states.push(state) - 1;
  }
}

function holds(what: Assertion, text: string, at: number): boolean {
  switch (what) {
    case 'begin':
      return at === 0;
    case 'end':
      return at === text.length;
    case 'last-line-end':
      return at === text.length || (at === text.length - 1 && text[at] === '\n');
    case 'line-begin':
      return at === 0 || text[at - 1] === '\n';
    case 'line-end':
      return at === text.length || text[at] === '\n';
    default:
      return (isWord(text, at - 1) !== isWord(text, at)) === (what === 'boundary');
  }
}

function isWord(text: string, at: number): boolean {
  return at >= 0 && at < text.length && contains(boundarySet(), text.charCodeAt(at));
}
