import { isTrueWord } from '@cairn/domain';

/** How the text of a property is read. */
export interface Values<T> {
  /** Which texts there are, for people. */
  readonly words: string;
  /** @throws NotAValue */
  read(text: string): T;
}

/** Why a text is none of the values: in nova's words. */
export class NotAValue extends Error {}

const code = (word: string): string => `\`${word}\``;

export const flag: Values<boolean> = { words: '`true`, `false`', read: isTrueWord };

/** As Python's `int` reads it, but of the size that all tools take. */
export const whole = (least = -Infinity, most = Infinity): Values<number> => ({
  words: [
    'a whole number',
    ...(least === -Infinity ? [] : [`from ${String(least)}`]),
    ...(most === Infinity ? [] : [`to ${String(most)}`]),
  ].join(' '),
  read(given) {
    if (!/^\s*[+-]?\d{1,15}\s*$/.test(given))
      throw new NotAValue(`invalid literal for int() with base 10: '${given.slice(0, 255)}'`);
    const value = Number(given);
    if (value < least) throw new NotAValue(`${given.trim()} is less than ${String(least)}`);
    if (value > most) throw new NotAValue(`${given.trim()} is more than ${String(most)}`);
    return value;
  },
});

/** nova's enumerations of image properties. `others` are words of nova's for what QEMU does not emulate on these hosts. */
export const oneOf = <const W extends string>(
  words: readonly W[],
  { aliases = {}, others = [] }: { aliases?: Readonly<Record<string, W>>; others?: readonly string[] } = {},
): Values<W> => ({
  words: words.map(code).join(', '),
  read(given) {
    const word = given.toLowerCase();
    const found = words.find((each) => each === word) ?? new Map(Object.entries(aliases)).get(word);
    if (found !== undefined) return found;
    if (others.includes(word)) throw new NotEmulated(word);
    throw new NotAValue(`Field value ${given.slice(0, 255)} is invalid`);
  },
});

/** A model that nova knows and no host of this cloud emulates. */
export class NotEmulated extends NotAValue {
  constructor(model: string) {
    super(`Requested hardware '${model}' is not supported by the 'qemu' virt driver`);
  }
}

/** @param words what such texts are, for people. */
export const format = (pattern: RegExp, words: string): Values<string> => ({
  words,
  read(given) {
    if (pattern.test(given)) return given;
    throw new NotAValue(`Field value ${given.slice(0, 255)} is invalid`);
  },
});

/** Any text. */
export const text: Values<string> = { words: 'text', read: (given) => given };
