/** IPv4 as numbers: an address is an unsigned 32-bit integer. */

export interface Cidr {
  /** First address of the block. */
  readonly first: number;
  readonly prefix: number;
}

/** Dotted quad without leading zeros, or null. */
export function parseAddress(text: string): number | null {
  const octets = text.split('.');
  if (octets.length !== 4 || !octets.every((octet) => /^(?:0|[1-9]\d{0,2})$/.test(octet) && Number(octet) <= 255))
    return null;
  return octets.reduce((sum, octet) => sum * 256 + Number(octet), 0);
}

export const formatAddress = (address: number): string =>
  [24, 16, 8, 0].map((shift) => String((address >>> shift) & 0xff)).join('.');

/** `a.b.c.d/n`, where bits behind the prefix may be set; a bare address is a /32; null when it is neither. */
export function parseCidr(text: string): Cidr | null {
  const [base, prefixText = '32', ...rest] = text.split('/');
  const address = parseAddress(base ?? '');
  if (address === null || rest.length > 0 || !/^\d{1,2}$/.test(prefixText) || Number(prefixText) > 32) return null;
  const prefix = Number(prefixText);
  return { first: address - (address % sizeOf(prefix)), prefix };
}

/** How many addresses a block with this prefix has. */
export const sizeOf = (prefix: number): number => 2 ** (32 - prefix);

export const netmaskOf = (prefix: number): string => formatAddress(2 ** 32 - sizeOf(prefix));

export const contains = ({ first, prefix }: Cidr, address: number): boolean =>
  address >= first && address < first + sizeOf(prefix);

/** Two blocks overlap when one holds the other's first address. */
export const overlap = (a: Cidr, b: Cidr): boolean => contains(a, b.first) || contains(b, a.first);
