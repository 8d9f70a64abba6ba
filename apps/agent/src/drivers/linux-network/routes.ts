import { readFileSync } from 'node:fs';

import { hex128, parseCidrV6 } from '@cairn/domain';
import { codeOf } from '@cairn/os';

import { type Cidr, formatAddress } from './ipv4';

/** A row of the host's main routing table (proc_net(5), route). */
interface Route extends Cidr {
  readonly device: string;
  readonly metric: number;
}

/** The kernel writes addresses as numbers of the machine's byte order, in hexadecimal: the first octet comes last. */
const swapped = (hex: string): number =>
  (hex.match(/../g) ?? []).reverse().reduce((sum, octet) => sum * 256 + Number.parseInt(octet, 16), 0);

const prefixOf = (mask: number): number => 32 - Math.log2(2 ** 32 - mask);

/** Read where the kernel shows it as a file: no process is needed. */
function routes(): readonly Route[] {
  const rows = readFileSync('/proc/net/route', 'utf8').trimEnd().split('\n').slice(1);
  return rows.map((line) => {
    const [device = '', destination = '', , , , , metric = '0', mask = ''] = line.split('\t');
    return { device, first: swapped(destination), prefix: prefixOf(swapped(mask)), metric: Number(metric) };
  });
}

/** The interface of the default route with the least metric. */
export const defaultDevice = (): string | undefined =>
  routes()
    .filter(({ first, prefix }) => first === 0 && prefix === 0)
    .sort((one, other) => one.metric - other.metric)[0]?.device;

/** Whether the host sends what is for this block through that interface. */
export const hasRoute = (device: string, { first, prefix }: Cidr): boolean =>
  routes().some((route) => route.device === device && route.first === first && route.prefix === prefix);

/** The block as text. */
export const blockText = ({ first, prefix }: Cidr): string => `${formatAddress(first)}/${String(prefix)}`;

/** The same of an IPv6 block (`/proc/net/ipv6_route`: destination, its prefix, …, the device last). */
export function hasRouteV6(device: string, block: string): boolean {
  const cidr = parseCidrV6(block);
  if (cidr === undefined) return false;
  const start = `${hex128(cidr.base)} ${cidr.prefix.toString(16).padStart(2, '0')} `;
  return routesV6().some((row) => row.startsWith(start) && row.trimEnd().endsWith(` ${device}`));
}

/** None on a kernel without IPv6. */
function routesV6(): readonly string[] {
  try {
    return readFileSync('/proc/net/ipv6_route', 'utf8').split('\n');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}
