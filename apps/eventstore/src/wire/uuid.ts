const PATTERN = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;

/** The text of a UUID from its 16 bytes. */
export function formatUuid(id: Buffer): string {
  const hex = id.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** The 16 bytes of a UUID from its text; undefined when it is none. */
export function parseUuid(text: string): Buffer | undefined {
  return PATTERN.test(text) ? Buffer.from(text.replaceAll('-', ''), 'hex') : undefined;
}

/** The 16 bytes of a UUID from its two signed 64-bit halves, as decimal strings. */
export function uuidFromHalves(most: string, least: string): Buffer {
  const id = Buffer.allocUnsafe(16);
  id.writeBigUInt64BE(BigInt.asUintN(64, BigInt(most)), 0);
  id.writeBigUInt64BE(BigInt.asUintN(64, BigInt(least)), 8);
  return id;
}
