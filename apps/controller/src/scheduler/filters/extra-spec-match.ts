/** Comparisons of two texts. Those without `s` are of the numbers that they stand for; nova reads `=` as "at least". */
const COMPARISONS: ReadonlyMap<string, (value: string, wanted: string) => boolean> = new Map([
  ['=', (value, wanted) => Number(value) >= Number(wanted)],
  ['==', (value, wanted) => Number(value) === Number(wanted)],
  ['!=', (value, wanted) => Number(value) !== Number(wanted)],
  ['>=', (value, wanted) => Number(value) >= Number(wanted)],
  ['<=', (value, wanted) => Number(value) <= Number(wanted)],
  ['<in>', (value, wanted) => value.includes(wanted)],
  ['s==', (value, wanted) => value === wanted],
  ['s!=', (value, wanted) => value !== wanted],
  ['s<', (value, wanted) => value < wanted],
  ['s<=', (value, wanted) => value <= wanted],
  ['s>', (value, wanted) => value > wanted],
  ['s>=', (value, wanted) => value >= wanted],
]);

/** `<or> a <or> b`: every second word is a value. */
const alternatives = (words: readonly string[]): readonly string[] => words.filter((_, i) => i % 2 === 1);

/**
 * Whether a value is what an extra spec demands, in nova's language (26.1, `extra_specs_ops`): an operator and its words,
 * or else the value itself.
 */
export function isWhatIsDemanded(value: string, demand: string): boolean {
  const words = demand.split(/\s+/).filter((word) => word !== '');
  const [operator = '', wanted] = words;
  if (operator === '<or>') return alternatives(words).includes(value);
  if (operator === '<all-in>') return words.length > 1 && words.slice(1).every((word) => value.includes(word));
  const compare = COMPARISONS.get(operator);
  if (compare === undefined) return value === demand;
  return wanted !== undefined && compare(value, wanted);
}
