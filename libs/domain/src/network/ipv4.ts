/** IPv4 addresses as unsigned 32-bit numbers. */

const BYTE = '(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const QUAD = new RegExp(`^${[BYTE, BYTE, BYTE, BYTE].join('\\.')}$`);
const PREFIX = /^(3[0-2]|[12]?\d)$/;

/**
 * The number, or undefined when the text is no dotted quad. One number has one text: leading zeros are refused, else an
 * address could be given out twice under two spellings.
 */
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

/** Blocks that no guest can be reached in, each with what it is for (RFC 6890, RFC 5771). */
const RESERVED: readonly (readonly [block: string, purpose: string])[] = [
  ['0.0.0.0/8', 'for hosts that do not know their network'],
  ['127.0.0.0/8', 'for loopback'],
  ['169.254.0.0/16', 'link-local; guests reach the metadata service there'],
  ['192.0.0.0/24', 'for protocols'],
  ['224.0.0.0/4', 'for multicast'],
  ['240.0.0.0/4', 'reserved'],
];

/** What the block of those that no network may overlap is for; undefined for a network that guests can use. */
export const reservedFor = ({ base, broadcast }: Cidr): string | undefined =>
  RESERVED.find(([block]) => {
    const reserved = parseCidr(block);
    return reserved !== undefined && base <= reserved.broadcast && reserved.base <= broadcast;
  })?.[1];

/** Undefined when it is no IPv4 network in CIDR form, or has bits set behind the prefix. */
export function parseCidr(text: string): Cidr | undefined {
  const [quad = '', length = '', ...more] = text.split('/');
  const base = parseIpv4(quad);
  if (base === undefined || !PREFIX.test(length) || more.length > 0) return undefined;
  const prefix = Number(length);
  const size = 2 ** (32 - prefix);
  return base % size === 0 ? { base, prefix, broadcast: base + size - 1 } : undefined;
}

/**
 * So many networks of so many addresses, one after the other from the beginning of a block, in CIDR form; undefined where
 * they do not fit, or no network has so many addresses.
 */
export function blocksOf({ base, broadcast }: Cidr, count: number, size: number): readonly string[] | undefined {
  const prefix = 32 - Math.log2(size);
  if (!Number.isInteger(prefix) || count * size > broadcast - base + 1) return undefined;
  return Array.from({ length: count }, (_, i) => `${formatIpv4(base + i * size)}/${String(prefix)}`);
}

/** The label of one of several networks that are made at once: nova-network numbers them from 0, but not a single one. */
export const labelOfBlock = (label: string, index: number, count: number): string =>
  count > 1 ? `${label}_${String(index)}` : label;
