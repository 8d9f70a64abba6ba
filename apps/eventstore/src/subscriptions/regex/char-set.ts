/** Ranges of UTF-16 code units, both ends included, in order and apart from each other. */
export type CharSet = readonly (readonly [first: number, last: number])[];

const LAST_UNIT = 0xffff;

export const ANYTHING: CharSet = [[0, LAST_UNIT]];

export function setOf(...ranges: readonly (readonly [number, number])[]): CharSet {
  const merged: [number, number][] = [];
  for (const [first, last] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const before = merged.at(-1);
    if (before !== undefined && first <= before[1] + 1) before[1] = Math.max(before[1], last);
    else merged.push([first, last]);
  }
  return merged;
}

export function unionOf(...sets: readonly CharSet[]): CharSet {
  return setOf(...sets.flat());
}

export function complementOf(set: CharSet): CharSet {
  const gaps: [number, number][] = [];
  let next = 0;
  for (const [first, last] of set) {
    if (first > next) gaps.push([next, first - 1]);
    next = last + 1;
  }
  if (next <= LAST_UNIT) gaps.push([next, LAST_UNIT]);
  return gaps;
}

export function differenceOf(set: CharSet, taken: CharSet): CharSet {
  return complementOf(unionOf(complementOf(set), taken));
}

export function contains(set: CharSet, unit: number): boolean {
  let [low, high] = [0, set.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const [first = 0, last = 0] = set[middle] ?? [];
    if (unit < first) high = middle - 1;
    else if (unit > last) low = middle + 1;
    else return true;
  }
  return false;
}

const categories = new Map<string, CharSet>();

/** The code units of a general category of Unicode ("L", "Nd"); surrogates are `Cs`, as for .NET. */
export function categoryOf(name: string): CharSet | undefined {
  const known = categories.get(name);
  if (known !== undefined) return known;
  if (!/^(?:L[ultmo]?|M[nce]?|N[dlo]?|P[cdseifo]?|S[mcko]?|Z[slp]?|C[cfson]?)$/.test(name)) return undefined;
  const pattern = new RegExp(`^\\p{${name}}$`, 'u');
  const set = unitsThat((char) => pattern.test(char));
  categories.set(name, set);
  return set;
}

/** `\w`, `\d` and `\s` of .NET. */
export function shorthandOf(letter: 'w' | 'd' | 's'): CharSet {
  const named = (name: string): CharSet => categoryOf(name) ?? [];
  if (letter === 'd') return named('Nd');
  if (letter === 'w') return unionOf(named('L'), named('Mn'), named('Nd'), named('Pc'));
  return unionOf(named('Z'), [
    [0x09, 0x0d],
    [0x85, 0x85],
  ]);
}

/** The set with the other case of each of its letters. */
export function ignoringCase(set: CharSet): CharSet {
  const others: [number, number][] = [];
  for (const [unit, other] of casePairs()) if (contains(set, unit)) others.push([other, other]);
  return unionOf(set, setOf(...others));
}

let pairs: readonly (readonly [number, number])[] | undefined;

/** Each letter with its other case, where that is one letter too and leads back. */
function casePairs(): readonly (readonly [number, number])[] {
  pairs ??= [...codeUnits()].flatMap(([unit, char]) => {
    const lower = char.toLowerCase();
    if (lower === char || lower.length !== 1 || lower.toUpperCase() !== char) return [];
    const other = lower.charCodeAt(0);
    return [[unit, other] as const, [other, unit] as const];
  });
  return pairs;
}

function unitsThat(test: (char: string) => boolean): CharSet {
  return setOf(...[...codeUnits()].flatMap(([unit, char]) => (test(char) ? [[unit, unit] as const] : [])));
}

function* codeUnits(): Generator<readonly [number, string]> {
  for (let unit = 0; unit <= LAST_UNIT; unit += 1) yield [unit, String.fromCharCode(unit)];
}
