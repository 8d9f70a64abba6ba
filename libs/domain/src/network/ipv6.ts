/** IPv6 addresses as unsigned 128-bit numbers. */

const GROUP = /^[0-9a-f]{1,4}$/i;
const PREFIX = /^(?:12[0-8]|1[01]\d|[1-9]?\d)$/;

/** The number, or undefined when the text is no address in groups of hexadecimal digits. One with a zone is none. */
export function parseIpv6(text: string): bigint | undefined {
  const [left = '', right, ...more] = text.split('::');
  const groups = (part: string): readonly string[] => (part === '' ? [] : part.split(':'));
  const [before, behind] = [groups(left), groups(right ?? '')];
  const missing = 8 - before.length - behind.length;
  if (more.length > 0 || (right === undefined ? missing !== 0 : missing < 1)) return undefined;
  const all = [...before, ...Array<string>(missing).fill('0'), ...behind];
  return all.every((group) => GROUP.test(group)) ? BigInt(`0x${all.map(padded).join('')}`) : undefined;
}

const padded = (group: string): string => group.padStart(4, '0');

/** As RFC 5952 writes it, and the kernel of Linux: one number has one text. */
export function formatIpv6(n: bigint): string {
  const text = (hex128(n).match(/.{4}/g) ?? []).map((group) => group.replace(/^0{1,3}/, '')).join(':');
  const runs = [...text.matchAll(/(?:\b0(?::|$)){2,}/g)];
  const [longest] = runs.sort(([one], [other]) => zerosIn(other) - zerosIn(one)); // the first of those that are as long
  if (longest === undefined) return text;
  const { 0: run, index } = longest;
  return `${text.slice(0, index).replace(/:$/, '')}::${text.slice(index + run.length)}`;
}

const zerosIn = (run: string): number => run.split('0').length;

/** All 32 hexadecimal digits. */
export const hex128 = (n: bigint): string => n.toString(16).padStart(32, '0');

export interface CidrV6 {
  readonly base: bigint;
  readonly prefix: number;
  /** The last address of the block. */
  readonly last: bigint;
}

/** Undefined when it is no IPv6 network in CIDR form, or has bits set behind the prefix. */
export function parseCidrV6(text: string): CidrV6 | undefined {
  const [address = '', length = '', ...more] = text.split('/');
  const base = parseIpv6(address);
  if (base === undefined || !PREFIX.test(length) || more.length > 0) return undefined;
  const prefix = Number(length);
  const size = 1n << BigInt(128 - prefix);
  return base % size === 0n ? { base, prefix, last: base + size - 1n } : undefined;
}

export const formatCidrV6 = ({ base, prefix }: Pick<CidrV6, 'base' | 'prefix'>): string =>
  `${formatIpv6(base)}/${String(prefix)}`;

/** Whether two blocks have an address in common. */
export const overlapV6 = (one: CidrV6, other: CidrV6): boolean => one.base <= other.last && other.base <= one.last;

/** Guests make their own addresses from those of their cards (SLAAC), which takes 64 bits. */
export const GUEST_PREFIX = 64;

export const netmaskV6 = (prefix: number): string => formatIpv6(((1n << BigInt(prefix)) - 1n) << BigInt(128 - prefix));

const GLOBAL_UNICAST = '2000::/3';
const UNIQUE_LOCAL = 'fc00::/7';

/** Guests can be reached in no other blocks (RFC 4291, RFC 4193). */
const USABLE = [GLOBAL_UNICAST, UNIQUE_LOCAL];

const isWithin = (inner: CidrV6, outer: string): boolean => {
  const block = parseCidrV6(outer);
  return block !== undefined && block.base <= inner.base && inner.last <= block.last;
};

/** Why guests cannot have addresses of the block; undefined when they can. */
export function refusalV6(cidr: CidrV6): string | undefined {
  if (cidr.prefix !== GUEST_PREFIX) return `has not a prefix of ${String(GUEST_PREFIX)} bits`;
  return USABLE.some((block) => isWithin(cidr, block)) ? undefined : `is neither in ${USABLE.join(' nor in ')}`;
}

/** Whether it is a block that is routed within a site only (RFC 4193). */
export const isUniqueLocal = (cidr: CidrV6): boolean => isWithin(cidr, UNIQUE_LOCAL);

/** The address that a card makes for itself in a block of 64 bits (RFC 4291, appendix A: modified EUI-64). */
export function eui64(base: bigint, mac: string): string {
  const bytes = mac.split(':').map((byte) => Number.parseInt(byte, 16));
  const [first = 0, second = 0, third = 0, ...rest] = bytes;
  const identifier = [first ^ 2, second, third, 0xff, 0xfe, ...rest];
  return formatIpv6(base + identifier.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n));
}

/** fe80::/64, where every card has an address. */
export const linkLocal = (mac: string): string => eui64(0xfe80n << 112n, mac);
