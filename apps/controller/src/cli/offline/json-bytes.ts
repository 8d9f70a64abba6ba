/** The bytes that JSON is made of, and where its strings end: what is found in a line without parsing it. */
export const [QUOTE, COMMA, COLON, BACKSLASH] = [0x22, 0x2c, 0x3a, 0x5c];
export const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_ARRAY, CLOSE_ARRAY] = [0x7b, 0x7d, 0x5b, 0x5d];

/** @returns what is behind the string that begins here, or the end */
export function stringEnd(bytes: Uint8Array, from: number, to: number): number {
  let i = from + 1;
  while (i < to && bytes[i] !== QUOTE) i += bytes[i] === BACKSLASH ? 2 : 1;
  return Math.min(i + 1, to);
}
