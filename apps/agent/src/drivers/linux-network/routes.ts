import { readFileSync } from 'node:fs';

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
