const PATTERN = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;
const HYPHEN = 0x2d;
const NO_DIGIT = 0xff;
const HEX = new Uint8Array(256).fill(NO_DIGIT);
for (const digit of '0123456789abcdefABCDEF') HEX[digit.charCodeAt(0)] = parseInt(digit, 16);

/** The text of a UUID from its 16 bytes. */
export function formatUuid(id: Buffer): string {
  const hex = id.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** The 16 bytes of a UUID from its text; undefined when it is none. */
export function parseUuid(text: string): Buffer | undefined {
  return PATTERN.test(text) ? Buffer.from(text.replaceAll('-', ''), 'hex') : undefined;
}

/** The same from the text's bytes, with or without hyphens, without making a string of it. */
export function parseUuidBytes(text: Buffer): Buffer | undefined {
  if (text.length !== 36) return parseUuid(text.toString('latin1'));
  const id = Buffer.allocUnsafe(16);
  let offset = 0;
  for (let i = 0; i < 36; i += 2) {
    if (i === 8 || i === 13 || i === 18 || i === 23) {
      if (text[i] !== HYPHEN) return undefined;
      i += 1;
    }
    const [high, low] = [HEX[text[i] ?? 0] ?? NO_DIGIT, HEX[text[i + 1] ?? 0] ?? NO_DIGIT];
    if (high === NO_DIGIT || low === NO_DIGIT) return undefined;
    id[offset] = high * 16 + low;
    offset += 1;
  }
  return id;
}

/** The 16 bytes of a UUID from four unsigned 32-bit numbers. */
export function uuidFromUnsigned(words: readonly number[]): Buffer {
  const id = Buffer.allocUnsafe(16);
  for (const [index, word] of words.entries()) id.writeUInt32BE(word, index * 4);
  return id;
}

/** The 16 bytes of a UUID from its two signed 64-bit halves, as decimal strings. */
export function uuidFromHalves(most: string, least: string): Buffer {
  const id = Buffer.allocUnsafe(16);
  id.writeBigUInt64BE(BigInt.asUintN(64, BigInt(most)), 0);
  id.writeBigUInt64BE(BigInt.asUintN(64, BigInt(least)), 8);
  return id;
}
