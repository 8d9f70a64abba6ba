/**
 * What text that users choose may hold, in every service. Lengths are counted in characters (code points), so that an
 * answer depends on no encoding and no database. What these rules let through is stored and shown exactly as it came.
 */

/** NUL, which PostgreSQL refuses, and halves of surrogate pairs, which have no UTF-8. Nothing else cannot be stored. */
const UNSTORABLE = /[\0\p{Surrogate}]/u;

export const isStorable = (text: string): boolean => !UNSTORABLE.test(text);

/** In characters: a surrogate pair is one. */
export function lengthOf(text: string): number {
  let length = 0;
  for (const _ of text) length += 1;
  return length;
}

/** Whether a text has at least and at most so many characters; takes no time for one that is far too long. */
export const isOfLength = (text: string, min: number, max: number): boolean => {
  if (text.length > 2 * max) return false;
  const length = lengthOf(text);
  return length >= min && length <= max;
};

/**
 * What nova takes for unprintable (26.1, `parameter_types._is_printable`): control and format characters, private ones,
 * separators of lines. Unlike nova, which ends at U+FFFF, this lets the joiners pass that emoji and several scripts are
 * written with, and all planes; characters that Unicode has not assigned yet pass, so that no answer depends on a version.
 */
const UNPRINTABLE = /[\p{Cc}\p{Co}\p{Surrogate}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}]|(?![\u200c\u200d])\p{Cf}/u;

/** The same, but for the breaks and tabs that several lines of text have. */
const UNPRINTABLE_IN_LINES = new RegExp(`(?![\\t\\n\\r])(?:${UNPRINTABLE.source})`, 'u');

/** A name, label, tag or key: one line of printable characters that neither begins nor ends with a blank. */
export const isLine = (text: string): boolean => !UNPRINTABLE.test(text) && text.trim() === text;

/** A description: printable characters, also in several lines. */
export const isProse = (text: string): boolean => !UNPRINTABLE_IN_LINES.test(text);

/** Where in a JSON value there is text that cannot be stored: the name of the field; undefined when all can be. */
export function unstorableField(value: unknown): string | undefined {
  const pending: (readonly [field: string, value: unknown])[] = [['', value]];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const [field, inner] = next;
    if (typeof inner === 'string' && !isStorable(inner)) return field;
    if (typeof inner !== 'object' || inner === null) continue;
    for (const [name, item] of Object.entries(inner)) {
      if (!isStorable(name)) return field;
      pending.push([Array.isArray(inner) ? field : name, item]);
    }
  }
  return undefined;
}
