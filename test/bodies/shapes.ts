import { declaredFields, type Shape } from '../../apps/controller/src/api/http/bind';

/** Bytes of a body: as large as any route reads. */
export const BYTES = 1_000_000;

/** As many entries as make a body of about that size. */
const filled = (entry: (i: number) => string): string => {
  const length = entry(100_000).length + 1;
  return Array.from({ length: Math.floor(BYTES / length) }, (_, i) => entry(i)).join(',');
};
const some = (count: number, entry: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => entry(i)).join(',');

/** Values, as JSON, that are large in one way each: as the value of any field of any body. */
export const SHAPES: Readonly<Record<string, string>> = {
  'short keys': `{${filled((i) => `"k${String(i)}":0`)}}`,
  'keys of as many as may be': `{${some(4000, (i) => `"k${String(i)}":"${'v'.repeat(230)}"`)}}`,
  'numbers as keys': `{${filled((i) => `"${String(i)}":0`)}}`,
  'keys that are alike': `{${filled(() => '"k":0')}}`,
  'one long key': `{"${'k'.repeat(BYTES)}":0}`,
  'keys that collide with methods': `{${filled((i) => `"toString${String(i)}":null`)}}`,
  'a long text': `"${'x'.repeat(BYTES)}"`,
  'a long text of spaces': `"${' '.repeat(BYTES)}"`,
  'a long text of escapes': `"${'\\u0041'.repeat(BYTES / 6)}"`,
  'a long text of emoji': `"${'\u{1f600}'.repeat(BYTES / 4)}"`,
  'a long text like base64': `"${'QUFB'.repeat(BYTES / 4)}"`,
  'a long text like an address': `"${'1.'.repeat(BYTES / 2)}"`,
  'a long text like a v6 address': `"${'1:'.repeat(BYTES / 2)}"`,
  'a long text like an id': `"${'0f-'.repeat(BYTES / 3)}"`,
  'a long number': '1'.repeat(BYTES),
  'a long fraction': `0.${'1'.repeat(BYTES)}`,
  'a long list of numbers': `[${filled(() => '0')}]`,
  'a long list of texts': `[${filled((i) => `"t${String(i)}"`)}]`,
  'a list of as many texts as may be': `[${some(4000, (i) => `"t${String(i)}${'x'.repeat(230)}"`)}]`,
  'a list of objects': `[${filled(() => '{}')}]`,
  'a list of as many objects as may be': `[${some(1300, (i) => `{"key":"${'v'.repeat(600)}","uuid":${String(i)}}`)}]`,
  'lists in lists': `${'['.repeat(BYTES / 2)}${']'.repeat(BYTES / 2)}`,
  'wide and deep': `${`[${some(60, () => `"${'x'.repeat(250)}"`)},`.repeat(60)}0${']'.repeat(60)}`,
  blanks: `${' '.repeat(BYTES)}{}`,
  'an unfinished text': `"${'\\"'.repeat(BYTES / 2)}`,
  'an unfinished object': `{${filled(() => '"a":{}')}`,
};

/** The paths of fields that the class of a body has, and the root; of bodies that are read by hand, words that there are. */
export const fieldsOf = (type: Shape | undefined): readonly (readonly string[])[] => [
  [],
  ...(type === undefined ? WORDS.map((word) => [word]) : pathsOf(type, 3)),
];

const WORDS = 'reboot resize os-getConsoleOutput createImage quota_set quota_class_set name tags properties'.split(' ');

function pathsOf(type: Shape, depth: number): readonly (readonly string[])[] {
  return declaredFields(type).flatMap(([name, inner]) => [
    [name],
    ...(inner === undefined || depth === 0 ? [] : pathsOf(inner, depth - 1).map((path) => [name, ...path])),
  ]);
}

/** The JSON of a body that has the value at that path. */
export const bodyWith = (path: readonly string[], value: string): string =>
  path.reduceRight((inner, name) => `{${JSON.stringify(name)}:${inner}}`, value);
