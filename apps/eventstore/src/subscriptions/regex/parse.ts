import { ANYTHING, differenceOf, ignoringCase, setOf, type CharSet } from './char-set';
import { InvalidPattern, PatternError, type Assertion, type Node } from './node';
import { bracketSet, escapedUnit, namedSet } from './parse-set';
import { Scanner } from './scanner';

/** Deeper nesting is refused: the parser calls itself. */
const MAX_DEPTH = 100;

/** The letters of .NET's inline options: ignore case, multiline, explicit capture, single line, white space in patterns. */
type Options = Readonly<Record<'i' | 'm' | 'n' | 's' | 'x', boolean>>;

const NO_OPTIONS: Options = { i: false, m: false, n: false, s: false, x: false };

const ESCAPED_ASSERTIONS: ReadonlyMap<string, Assertion> = new Map<string, Assertion>([
  ['A', 'begin'],
  ['z', 'end'],
  ['Z', 'last-line-end'],
  ['b', 'boundary'],
  ['B', 'no-boundary'],
]);

/**
 * Takes a regular expression of .NET (culture-invariant) apart.
 * @throws PatternError for what is invalid, and for what is not understood here: balancing groups, conditionals, blocks of
 * Unicode, `\G`, `\X`
 */
export function parsePattern(text: string): Node {
  return new Parser(text).whole();
}

class Parser {
  private readonly scanner: Scanner;
  private options = NO_OPTIONS;
  private depth = 0;
  private groups = 0;
  private readonly names = new Map<string, number>();

  constructor(text: string) {
    this.scanner = new Scanner(text);
  }

  whole(): Node {
    const node = this.choice();
    if (!this.scanner.atEnd()) throw new InvalidPattern('a parenthesis too many');
    return node;
  }

  private choice(): Node {
    this.depth += 1;
    if (this.depth > MAX_DEPTH) throw new PatternError('the pattern is nested too deeply');
    const before = this.options;
    const items = [this.sequence()];
    while (this.scanner.skip('|')) items.push(this.sequence());
    this.options = before;
    this.depth -= 1;
    return items.length === 1 && items[0] !== undefined ? items[0] : { kind: 'choice', items };
  }

  private sequence(): Node {
    const items: Node[] = [];
    for (;;) {
      this.pass();
      if (this.scanner.atEnd() || this.scanner.next === '|' || this.scanner.next === ')') break;
      const atom = this.atom();
      if (atom !== undefined) items.push(this.quantified(atom));
    }
    return { kind: 'sequence', items };
  }

  /** Passes over comments, and over space where the pattern may hold it. */
  private pass(): void {
    for (;;) {
      if (this.options.x && this.scanner.match(/[\t-\r ]+|#[^\n]*/y) !== undefined) continue;
      if (!this.scanner.text.startsWith('(?#', this.scanner.offset)) return;
      if (this.scanner.match(/\(\?#[^)]*\)/y) === undefined) throw new InvalidPattern('a comment does not end');
    }
  }

  private quantified(item: Node): Node {
    this.pass();
    const found = this.scanner.match(/([*+?])|\{(\d+)(?:(,)(\d+)?)?\}/y);
    if (found === undefined) return item;
    const [, sign, from, comma, to] = found;
    const least = sign === undefined ? Number(from) : sign === '+' ? 1 : 0;
    const open = sign === '*' || sign === '+' || (comma !== undefined && to === undefined);
    const most = open ? Infinity : sign === '?' ? 1 : Number(to ?? from);
    if (most < least) throw new InvalidPattern('a repetition that is none');
    const lazy = this.scanner.skip('?');
    this.pass();
    if (/^(?:[*+?]|\{\d+(?:,\d*)?\})/.test(this.scanner.text.slice(this.scanner.offset)))
      throw new InvalidPattern('a repetition of a repetition');
    return { kind: 'repeat', item, least, most, lazy };
  }

  private atom(): Node | undefined {
    const { scanner, options } = this;
    if (scanner.match(/[*+?]|\{\d+(?:,\d*)?\}/y) !== undefined) throw new InvalidPattern('nothing to repeat');
    const char = scanner.take();
    if (char === '(') return this.parenthesis();
    if (char === '[') return { kind: 'set', set: bracketSet(scanner, (set) => this.folded(set)) };
    if (char === '.') return { kind: 'set', set: options.s ? ANYTHING : differenceOf(ANYTHING, setOf([10, 10])) };
    if (char === '^') return { kind: 'assertion', what: options.m ? 'line-begin' : 'begin' };
    if (char === '$') return { kind: 'assertion', what: options.m ? 'line-end' : 'last-line-end' };
    return char === '\\' ? this.escape() : this.character(char.charCodeAt(0));
  }

  private character(unit: number): Node {
    return { kind: 'set', set: this.folded(setOf([unit, unit])) };
  }

  private folded(set: CharSet): CharSet {
    return this.options.i ? ignoringCase(set) : set;
  }

  private escape(): Node {
    const { scanner } = this;
    const what = ESCAPED_ASSERTIONS.get(scanner.next);
    if (what !== undefined) {
      scanner.take();
      return { kind: 'assertion', what };
    }
    const named = scanner.match(/k(?:<(\w+)>|'(\w+)')/y);
    const name = named?.[1] ?? named?.[2];
    if (scanner.match(/[1-9][0-9]/y) !== undefined) throw new PatternError('a reference or octal escape of two digits');
    const [number] = name === undefined ? (scanner.match(/[1-9]/y) ?? []) : [];
    if (name !== undefined || number !== undefined) return this.reference(name ?? number ?? '');
    const set = namedSet(scanner);
    return set === undefined ? this.character(escapedUnit(scanner)) : { kind: 'set', set: this.folded(set) };
  }

  private reference(name: string): Node {
    if (this.options.i) throw new PatternError('a reference to a group without regard to case is not understood');
    const number = /^\d+$/.test(name) ? Number(name) : this.names.get(name);
    if (number === undefined) throw new PatternError(`no group is called ${name}`);
    return { kind: 'reference', number };
  }

  /** Behind an opening parenthesis; undefined for options that hold from here on. */
  private parenthesis(): Node | undefined {
    const { scanner } = this;
    if (!scanner.skip('?')) return this.options.n ? this.closed(this.choice()) : this.group();
    if (scanner.skip(':')) return this.closed(this.choice());
    if (scanner.skip('>')) return { kind: 'atomic', item: this.closed(this.choice()) };
    const [look] = scanner.match(/<?[=!]/y) ?? [];
    if (look !== undefined) {
      const item = this.closed(this.choice());
      return { kind: 'look', item, behind: look.startsWith('<'), negative: look.endsWith('!') };
    }
    const named = scanner.match(/<([^\W\d]\w*)>|'([^\W\d]\w*)'/y);
    const name = named?.[1] ?? named?.[2];
    if (name !== undefined) return this.namedGroup(name);
    const options = scanner.match(/([imnsx]*)(?:-([imnsx]*))?([:)])/y);
    if (options === undefined) throw unknownGroup(scanner);
    return this.withOptions(options[1] ?? '', options[2] ?? '', options[3] === ')');
  }

  private withOptions(on: string, off: string, fromHereOn: boolean): Node | undefined {
    const before = this.options;
    const letters = ['i', 'm', 'n', 's', 'x'] as const;
    const next = { ...before };
    for (const letter of letters) {
      if (on.includes(letter)) next[letter] = true;
      if (off.includes(letter)) next[letter] = false;
    }
    this.options = next;
    if (fromHereOn) return undefined;
    const node = this.closed(this.choice());
    this.options = before;
    return node;
  }

  private group(): Node {
    // .NET counts groups with names behind all others: a pattern that mixes them is taken only where nobody counts.
    if (this.names.size > 0) throw new PatternError('groups with and without names in one pattern');
    this.groups += 1;
    const number = this.groups;
    return { kind: 'group', item: this.closed(this.choice()), number };
  }

  private namedGroup(name: string): Node {
    if (this.names.size < this.groups) throw new PatternError('groups with and without names in one pattern');
    if (this.names.has(name)) throw new PatternError('two groups of one name');
    this.groups += 1;
    const number = this.groups;
    this.names.set(name, number);
    return { kind: 'group', item: this.closed(this.choice()), number };
  }

  private closed(node: Node): Node {
    if (!this.scanner.skip(')')) throw new InvalidPattern('a parenthesis is not closed');
    return node;
  }
}

/** Balancing groups, conditionals and groups with numbers are .NET's; anything else is nobody's. */
function unknownGroup({ text, offset }: Scanner): PatternError {
  const isKnownToOthers = /^(?:\(|[<'](?:\d|\w*-))/.test(text.slice(offset));
  return new (isKnownToOthers ? PatternError : InvalidPattern)('a group of a kind that is not understood');
}
