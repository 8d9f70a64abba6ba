import { categoryOf, complementOf, differenceOf, setOf, shorthandOf, unionOf, type CharSet } from './char-set';
import { InvalidPattern, PatternError } from './node';
import type { Scanner } from './scanner';

const CONTROL_ESCAPES: ReadonlyMap<string, number> = new Map(
  Object.entries({ a: 7, t: 9, n: 10, v: 11, f: 12, r: 13, e: 27 }),
);

/** Behind a backslash: one of the sets that have a name, `\w` or `\p{Lu}`; undefined when something else comes. */
export function namedSet(scanner: Scanner): CharSet | undefined {
  const [letter] = scanner.match(/[wdsWDS]/y) ?? [];
  if (letter !== undefined) {
    const lower = letter.toLowerCase();
    const set = shorthandOf(lower === 'w' || lower === 'd' ? lower : 's');
    return lower === letter ? set : complementOf(set);
  }
  const [, sign, name] = scanner.match(/([pP])\{([A-Za-z0-9-]+)\}/y) ?? [];
  if (sign === undefined || name === undefined) return undefined;
  const category = categoryOf(name);
  if (category === undefined)
    throw new (name.startsWith('Is') ? PatternError : InvalidPattern)(`no set is known by the name of ${name}`);
  return sign === 'p' ? category : complementOf(category);
}

/** Behind a backslash: the code unit of an escaped character. */
export function escapedUnit(scanner: Scanner): number {
  if (scanner.skip('x')) return scanner.digits(2, 16);
  if (scanner.skip('u')) return scanner.digits(4, 16);
  const [octal] = scanner.match(/[0-7]{1,3}/y) ?? [];
  if (octal !== undefined) return Number.parseInt(octal, 8) & 0xff;
  const [, control] = scanner.match(/c([@-_a-z])/y) ?? [];
  if (control !== undefined) return control.toUpperCase().charCodeAt(0) - 64;
  const char = scanner.take();
  const known = CONTROL_ESCAPES.get(char);
  if (known !== undefined) return known;
  if (/[\p{L}\p{Nd}_]/u.test(char))
    throw new (char === 'G' ? PatternError : InvalidPattern)(`the escape \\${char} is not known`);
  return char.charCodeAt(0);
}

/** Behind an opening bracket: `[a-z]`, `[^a-z]`, `[a-z-[b]]`. */
export function bracketSet(scanner: Scanner, folded: (set: CharSet) => CharSet): CharSet {
  const negative = scanner.skip('^');
  let set: CharSet = [];
  for (let first = true; first || scanner.next !== ']'; first = false) {
    if (!first && scanner.skip('-[')) {
      const taken = bracketSet(scanner, folded);
      if (scanner.next !== ']') throw new InvalidPattern('a set goes on behind what it subtracts');
      set = differenceOf(signed(folded(set), negative), taken);
      scanner.take();
      return set;
    }
    set = unionOf(set, member(scanner));
  }
  scanner.take();
  return signed(folded(set), negative);
}

function signed(set: CharSet, negative: boolean): CharSet {
  return negative ? complementOf(set) : set;
}

function member(scanner: Scanner): CharSet {
  const begin = memberUnit(scanner);
  if (typeof begin !== 'number') return begin;
  const isRange = scanner.next === '-' && !/^-(?:\[|\]|$)/.test(scanner.text.slice(scanner.offset));
  if (!isRange) return setOf([begin, begin]);
  scanner.take();
  const end = memberUnit(scanner);
  if (typeof end !== 'number' || end < begin) throw new InvalidPattern('a range of characters that is none');
  return setOf([begin, end]);
}

function memberUnit(scanner: Scanner): number | CharSet {
  if (scanner.text.startsWith('[:', scanner.offset)) throw new PatternError('[: is reserved');
  if (!scanner.skip('\\')) return scanner.take().charCodeAt(0);
  if (scanner.skip('b')) return 8;
  return namedSet(scanner) ?? escapedUnit(scanner);
}
