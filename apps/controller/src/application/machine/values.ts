/** How the text of a property is read. */
export interface Values<T> {
  /** Which texts there are, for people. */
  readonly words: string;
  /** @throws NotAValue */
  read(text: string): T;
}

/** Why a text is none of the values: in nova's words. */
export class NotAValue extends Error {}

const TRUE = /^\s*(1|t|true|on|y|yes)\s*$/i;

/** As nova reads booleans of images and, when it uses them, of flavors: what is not true is false. */
export const flag: Values<boolean> = { words: '`true`, `false`', read: (text) => TRUE.test(text) };
