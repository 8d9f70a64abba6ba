import type { HostRule, NetworkSpec } from '@cairn/host-protocol';

import { guardOf, type SecurityBook } from '../../ports/guards';
import type { Port } from '../../ports/host-network.port';

import { dropAs } from './drops';
import { tapName } from './names';

/**
 * Security groups in the table of IPv4. The kernel shows frames that pass between the taps of a bridge to that table, too
 * (bridge-nf-call-iptables), with their connections; the bridge family has none on every kernel. A port is told by its
 * bridge and its address, which the bridge's own table lets nobody else use.
 *
 * Two maps lead what leaves a port and what comes to one to the port's chain, which jumps to the chains of its groups and
 * drops the rest. A rule that speaks of a group names a set, so a member more or less is one element of a set.
 */
export interface SecurityRules {
  /** Chains and maps, without the elements of sets. */
  readonly lines: readonly string[];
  /** Addresses of the sets, by name. */
  readonly sets: ReadonlyMap<string, readonly string[]>;
}

/** Nothing is filtered. */
export const NO_RULES: SecurityRules = { lines: [], sets: new Map() };

interface GuardedPort {
  readonly tap: string;
  readonly port: Port;
  readonly network: NetworkSpec;
  readonly groups: readonly string[];
}

/** @param ports all of this host; those that nothing filters are left out. */
export function securityRules(ports: readonly Port[], book: SecurityBook): SecurityRules {
  const guarded = ports.flatMap((port): readonly GuardedPort[] => {
    const guard = guardOf(port, book);
    if (guard === undefined) return [];
    return [{ tap: tapName(port.instanceId, port.index), port, network: port.nic.network, groups: guard.groups }];
  });
  const used = new Set(guarded.flatMap(({ groups }) => groups));
  const groups = [...book.values()].flatMap((told) => told.groups).filter(({ groupId }) => used.has(groupId));
  const known = new Set(groups.map(({ groupId }) => groupId));
  const members = [...book.values()].flatMap((told) => told.members);
  const sets = new Map(members.map(({ groupId, addresses }) => [setName(groupId), addresses.filter(isIpv4)] as const));
  const lines = [
    ...[...sets.keys()].sort().flatMap((name) => [`set ${name} {`, '  type ipv4_addr', '}']),
    ...groups.flatMap(({ groupId, rules }) => [
      ...chainOf(chainName('in', groupId), accepted(rules, 'ingress', sets)),
      ...chainOf(chainName('out', groupId), accepted(rules, 'egress', sets)),
    ]),
    ...guarded.flatMap((one) => portChains(one, known)),
    ...verdicts('to_ports', 'to', guarded),
    ...verdicts('from_ports', 'from', guarded),
    // one hook for each direction: what one accepts, the other still looks at
    ...base('security_out', 'forward', -10, 'iifname . ip saddr vmap @from_ports'),
    ...base('security_in', 'forward', -5, 'oifname . ip daddr vmap @to_ports'),
    ...base('security_host', 'output', -5, 'oifname . ip daddr vmap @to_ports'),
    // what the host sends to an address outside leaves for a guest only behind that hook
    ...base('security_led', 'postrouting', -5, 'ct status dnat oifname . ip daddr vmap @to_ports'),
  ];
  return { lines, sets };
}

const hex = (id: string): string => id.replaceAll('-', '');
const setName = (groupId: string): string => `members_${hex(groupId)}`;
const chainName = (direction: 'in' | 'out', groupId: string): string => `${direction}_${hex(groupId)}`;
const isIpv4 = (address: string): boolean => !address.includes(':');

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

function verdicts(name: string, direction: 'to' | 'from', ports: readonly GuardedPort[]): readonly string[] {
  const elements = ports.map(
    ({ tap, port, network }) => `"${network.bridge}" . ${port.nic.address} : jump ${direction}_${tap}`,
  );
  return [
    `map ${name} {`,
    '  type ifname . ipv4_addr : verdict',
    ...(elements.length === 0 ? [] : [`  elements = { ${elements.join(', ')} }`]),
    '}',
  ];
}

/** Answers to what was let through pass, and what every port needs to have its address. */
function portChains({ tap, groups, network }: GuardedPort, known: ReadonlySet<string>): readonly string[] {
  const mine = groups.filter((id) => known.has(id));
  const jumps = (direction: 'in' | 'out'): readonly string[] => mine.map((id) => `jump ${chainName(direction, id)}`);
  const answers = 'ct state established,related accept';
  const lease = `ip saddr ${network.gateway} udp sport 67 udp dport 68 accept`;
  return [
    ...chainOf(`to_${tap}`, [answers, lease, ...jumps('in'), dropAs('no security group lets it in')]),
    ...chainOf(`from_${tap}`, [answers, ...jumps('out'), dropAs('no security group lets it out')]),
  ];
}

function accepted(
  rules: readonly HostRule[],
  direction: HostRule['direction'],
  sets: SecurityRules['sets'],
): readonly string[] {
  return rules
    .filter((rule) => rule.direction === direction && rule.ethertype === 'IPv4')
    .flatMap((rule) => {
      const traffic = trafficOf(rule);
      const other = otherSide(rule, sets);
      return traffic === undefined || other === undefined ? [] : [[other, traffic, 'accept'].filter(Boolean).join(' ')];
    });
}

/** Undefined where a group has no members that this host knows. */
function otherSide({ direction, remote }: HostRule, sets: SecurityRules['sets']): string | undefined {
  if (remote === null) return '';
  const side = direction === 'ingress' ? 'ip saddr' : 'ip daddr';
  if ('cidr' in remote) return remote.cidr === '0.0.0.0/0' ? '' : `${side} ${remote.cidr}`;
  const name = setName(remote.groupId);
  return sets.has(name) ? `${side} @${name}` : undefined;
}

const NUMBERS: ReadonlyMap<string, number> = new Map([
  ['icmp', 1],
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

const NAMES = new Map([
  [6, 'tcp'],
  [17, 'udp'],
  [132, 'sctp'],
]);

function trafficOf({ protocol, from, to }: HostRule): string | undefined {
  if (protocol === null) return '';
  const number = numberOf(protocol);
  if (number === undefined) return undefined;
  const name = NAMES.get(number);
  if (name !== undefined && from !== null) {
    const last = to ?? from;
    return `${name} dport ${from === last ? String(from) : `${String(from)}-${String(last)}`}`;
  }
  if (number !== 1 || from === null || from < 0) return `meta l4proto ${String(number)}`;
  return `icmp type ${String(from)}${to === null || to < 0 ? '' : ` icmp code ${String(to)}`}`;
}

/** The commands that make sets hold what they should, one atomic change; empty if they do. */
export function setChanges(table: string, before: SecurityRules['sets'], after: SecurityRules['sets']): string {
  const lines = [...after].flatMap(([name, addresses]) => {
    const [was, is] = [new Set(before.get(name)), new Set(addresses)];
    const gone = [...was].filter((one) => !is.has(one));
    const come = [...is].filter((one) => !was.has(one));
    return [...change('delete', table, name, gone), ...change('add', table, name, come)];
  });
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

const change = (verb: string, table: string, name: string, elements: readonly string[]): readonly string[] =>
  elements.length === 0 ? [] : [`${verb} element ip ${table} ${name} { ${elements.join(', ')} }`];
