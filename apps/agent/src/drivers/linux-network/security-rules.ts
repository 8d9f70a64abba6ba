import { linkLocal } from '@cairn/domain';
import type { HostRule, NetworkSpec, NicSpec } from '@cairn/host-protocol';

import { guardOf, type SecurityBook } from '../../ports/guards';
import type { Port } from '../../ports/host-network.port';

import { dropAs } from './drops';
import { tapName } from './names';

/**
 * Security groups in the tables of IPv4 and IPv6. The kernel shows frames that pass between the taps of a bridge to those
 * tables, too (bridge-nf-call-iptables), with their connections; the bridge family has none on every kernel. A port is told
 * by its bridge and its addresses, which the bridge's own table lets nobody else use.
 *
 * Two maps lead what leaves a port and what comes to one to the port's chain, which jumps to the chains of its groups and
 * drops the rest. A rule that speaks of a group names a set, so a member more or less is one element of a set.
 */
export interface SecurityRules {
  /** Chains and maps of each family's table, without the elements of sets. */
  readonly lines: Readonly<Record<Family['name'], readonly string[]>>;
  /** Addresses of the sets, by family and name (`ip members_…`). */
  readonly sets: ReadonlyMap<string, readonly string[]>;
}

/** Nothing is filtered. */
export const NO_RULES: SecurityRules = { lines: { ip: [], ip6: [] }, sets: new Map() };

/** What differs between the two tables. */
interface Family {
  readonly name: 'ip' | 'ip6';
  readonly ethertype: HostRule['ethertype'];
  /** The block of all addresses. */
  readonly everything: string;
  readonly icmp: { readonly name: string; readonly number: number };
  /** The addresses with which a port speaks. */
  readonly addressesOf: (nic: NicSpec) => readonly string[];
  /** What every port may get and send, to have its address and to find its neighbours. */
  readonly always: (network: NetworkSpec) => { readonly to: readonly string[]; readonly from: readonly string[] };
}

const IPV4: Family = {
  name: 'ip',
  ethertype: 'IPv4',
  everything: '0.0.0.0/0',
  icmp: { name: 'icmp', number: 1 },
  addressesOf: ({ address }) => [address],
  always: ({ gateway }) => ({ to: [`ip saddr ${gateway} udp sport 67 udp dport 68 accept`], from: [] }),
};

/** Neighbour discovery (RFC 4861), which is no connection to the kernel, and the groups that it is sent to (RFC 3810). */
const DISCOVERY =
  'icmpv6 type { mld-listener-query, nd-router-solicit, nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert, mld2-listener-report } accept';

const IPV6: Family = {
  name: 'ip6',
  ethertype: 'IPv6',
  everything: '::/0',
  icmp: { name: 'icmpv6', number: 58 },
  addressesOf: ({ mac, addressV6 }) => (addressV6 === undefined ? [] : [linkLocal(mac), addressV6]),
  // whatever a guest sends that way, the bridge's table has seen: none is a router or a server
  always: () => ({ to: [DISCOVERY, 'udp sport 547 udp dport 546 accept'], from: [DISCOVERY] }),
};

interface GuardedPort {
  readonly tap: string;
  readonly addresses: readonly string[];
  readonly network: NetworkSpec;
  readonly groups: readonly string[];
}

/** @param ports all of this host; those that nothing filters are left out. */
export function securityRules(ports: readonly Port[], book: SecurityBook): SecurityRules {
  const [ip, ip6] = [rulesOf(IPV4, ports, book), rulesOf(IPV6, ports, book)];
  return { lines: { ip: ip.lines, ip6: ip6.lines }, sets: new Map([...ip.sets, ...ip6.sets]) };
}

function rulesOf(
  family: Family,
  ports: readonly Port[],
  book: SecurityBook,
): { readonly lines: readonly string[]; readonly sets: SecurityRules['sets'] } {
  const guarded = ports.flatMap((port): readonly GuardedPort[] => {
    const guard = guardOf(port, book);
    const addresses = family.addressesOf(port.nic);
    if (guard === undefined || addresses.length === 0) return [];
    const { network } = port.nic;
    return [{ tap: tapName(port.instanceId, port.index), addresses, network, groups: guard.groups }];
  });
  if (family === IPV6 && guarded.length === 0) return { lines: [], sets: new Map() };
  const used = new Set(guarded.flatMap(({ groups }) => groups));
  const groups = [...book.values()].flatMap((told) => told.groups).filter(({ groupId }) => used.has(groupId));
  const known = new Set(groups.map(({ groupId }) => groupId));
  const members = [...book.values()].flatMap((told) => told.members);
  const { name, always } = family;
  const named = members.map(({ groupId, addresses }) => [setName(groupId), addresses.filter(isOf(family))] as const);
  const sets = new Map(named);
  const lines = [
    ...[...sets.keys()].sort().flatMap((set) => [`set ${set} {`, `  type ${ADDRESS[name]}`, '}']),
    ...groups.flatMap(({ groupId, rules }) => [
      ...chainOf(chainName('in', groupId), accepted(family, rules, 'ingress', sets)),
      ...chainOf(chainName('out', groupId), accepted(family, rules, 'egress', sets)),
    ]),
    ...guarded.flatMap((one) => portChains(one, known, always(one.network))),
    ...verdicts('to', guarded, name),
    ...verdicts('from', guarded, name),
    // one hook for each direction: what one accepts, the other still looks at
    ...base('security_out', 'forward', -10, `iifname . ${name} saddr vmap @from_ports`),
    ...base('security_in', 'forward', -5, `oifname . ${name} daddr vmap @to_ports`),
    ...base('security_host', 'output', -5, `oifname . ${name} daddr vmap @to_ports`),
    // what the host sends to an address outside leaves for a guest only behind that hook
    ...base('security_led', 'postrouting', -5, `ct status dnat oifname . ${name} daddr vmap @to_ports`),
  ];
  return { lines, sets: new Map(named.map(([set, addresses]) => [`${name} ${set}`, addresses])) };
}

/** Types of nftables. */
const ADDRESS = { ip: 'ipv4_addr', ip6: 'ipv6_addr' } as const;

const hex = (id: string): string => id.replaceAll('-', '');
const setName = (groupId: string): string => `members_${hex(groupId)}`;
const chainName = (direction: 'in' | 'out', groupId: string): string => `${direction}_${hex(groupId)}`;
const isOf =
  ({ name }: Family) =>
  (address: string): boolean =>
    address.includes(':') === (name === 'ip6');

const chainOf = (name: string, rules: readonly string[]): readonly string[] => [
  `chain ${name} {`,
  ...rules.map((rule) => `  ${rule}`),
  '}',
];

const base = (name: string, hook: string, priority: number, rule: string): readonly string[] =>
  chainOf(name, [
    `type filter hook ${hook} priority filter ${String(priority).replace('-', '- ')}; policy accept;`,
    rule,
  ]);

function verdicts(direction: 'to' | 'from', ports: readonly GuardedPort[], family: Family['name']): readonly string[] {
  const elements = ports.flatMap(({ tap, addresses, network }) =>
    addresses.map((address) => `"${network.bridge}" . ${address} : jump ${direction}_${tap}`),
  );
  return [
    `map ${direction}_ports {`,
    `  type ifname . ${ADDRESS[family]} : verdict`,
    ...(elements.length === 0 ? [] : [`  elements = { ${elements.join(', ')} }`]),
    '}',
  ];
}

/** Answers to what was let through pass, and what every port needs. */
function portChains(
  { tap, groups }: GuardedPort,
  known: ReadonlySet<string>,
  always: ReturnType<Family['always']>,
): readonly string[] {
  const mine = groups.filter((id) => known.has(id));
  const jumps = (direction: 'in' | 'out'): readonly string[] => mine.map((id) => `jump ${chainName(direction, id)}`);
  const answers = 'ct state established,related accept';
  return [
    ...chainOf(`to_${tap}`, [answers, ...always.to, ...jumps('in'), dropAs('no security group lets it in')]),
    ...chainOf(`from_${tap}`, [answers, ...always.from, ...jumps('out'), dropAs('no security group lets it out')]),
  ];
}

function accepted(
  family: Family,
  rules: readonly HostRule[],
  direction: HostRule['direction'],
  sets: SecurityRules['sets'],
): readonly string[] {
  return rules
    .filter((rule) => rule.direction === direction && rule.ethertype === family.ethertype)
    .flatMap((rule) => {
      const traffic = trafficOf(rule, family);
      const other = otherSide(rule, family, sets);
      return traffic === undefined || other === undefined ? [] : [[other, traffic, 'accept'].filter(Boolean).join(' ')];
    });
}

/** Undefined where a group has no members that this host knows. */
function otherSide(
  { direction, remote }: HostRule,
  { name: family, everything }: Family,
  sets: SecurityRules['sets'],
): string | undefined {
  if (remote === null) return '';
  const side = `${family} ${direction === 'ingress' ? 'saddr' : 'daddr'}`;
  if ('cidr' in remote) return remote.cidr === everything ? '' : `${side} ${remote.cidr}`;
  const name = setName(remote.groupId);
  return sets.has(name) ? `${side} @${name}` : undefined;
}

const NUMBERS: ReadonlyMap<string, number> = new Map([
  ['icmp', 1],
  ['icmpv6', 58],
  ['ipv6-icmp', 58],
  ['tcp', 6],
  ['udp', 17],
  ['sctp', 132],
]);

/** The protocol's number; undefined for a name that this release does not know: what it names does not pass. */
function numberOf(protocol: string): number | undefined {
  const name = protocol.toLowerCase();
  if (/^\d{1,3}$/.test(name) && Number(name) <= 255) return Number(name);
  return NUMBERS.get(name);
}

const ICMP = 1;
const NAMES = new Map([
  [6, 'tcp'],
  [17, 'udp'],
  [132, 'sctp'],
]);

function trafficOf({ protocol, from, to }: HostRule, { icmp }: Family): string | undefined {
  if (protocol === null) return '';
  const named = numberOf(protocol);
  const number = named === ICMP ? icmp.number : named; // of the rule's own family, as nova and Neutron read it
  if (number === undefined) return undefined;
  const name = NAMES.get(number);
  if (name !== undefined && from !== null) {
    const last = to ?? from;
    return `${name} dport ${from === last ? String(from) : `${String(from)}-${String(last)}`}`;
  }
  if (number !== icmp.number || from === null || from < 0) return `meta l4proto ${String(number)}`;
  return `${icmp.name} type ${String(from)}${to === null || to < 0 ? '' : ` ${icmp.name} code ${String(to)}`}`;
}

/** The commands that make sets hold what they should, one atomic change; empty if they do. */
export function setChanges(table: string, before: SecurityRules['sets'], after: SecurityRules['sets']): string {
  const lines = [...after].flatMap(([key, addresses]) => {
    const [family = '', name = ''] = key.split(' ');
    const [was, is] = [new Set(before.get(key)), new Set(addresses)];
    const gone = [...was].filter((one) => !is.has(one));
    const come = [...is].filter((one) => !was.has(one));
    return [...change('delete', family, table, name, gone), ...change('add', family, table, name, come)];
  });
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

const change = (
  verb: string,
  family: string,
  table: string,
  name: string,
  elements: readonly string[],
): readonly string[] =>
  elements.length === 0 ? [] : [`${verb} element ${family} ${table} ${name} { ${elements.join(', ')} }`];
