/** IPv4 addresses as unsigned 32-bit numbers. */

const QUAD =
  /^(25[0-5]|2[0-4]\d|1?\d?\d)\.(25[0-5]|2[0-4]\d|1?\d?\d)\.(25[0-5]|2[0-4]\d|1?\d?\d)\.(25[0-5]|2[0-4]\d|1?\d?\d)$/;

/** The number, or undefined when the text is no dotted quad. */
export function parseIpv4(text: string): number | undefined {
  const match = QUAD.exec(text);
  if (match === null) return undefined;
  return match.slice(1).reduce((sum, part) => sum * 256 + Number(part), 0);
}

export const formatIpv4 = (n: number): string => [24, 16, 8, 0].map((shift) => (n >>> shift) & 255).join('.');

export interface Cidr {
  readonly base: number;
  readonly prefix: number;
  readonly broadcast: number;
}

/** Undefined when it is no IPv4 network in CIDR form, or has bits set behind the prefix. */
export function parseCidr(text: string): Cidr | undefined {
  const [quad = '', length = ''] = text.split('/');
  const base = parseIpv4(quad);
  const prefix = /^\d{1,2}$/.test(length) ? Number(length) : 33;
  if (base === undefined || prefix > 32 || text.split('/').length !== 2) return undefined;
  const size = 2 ** (32 - prefix);
  return base % size === 0 ? { base, prefix, broadcast: base + size - 1 } : undefined;
}
