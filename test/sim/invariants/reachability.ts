import {
  addressesOf,
  allAddresses,
  groupsOf,
  guardOf,
  type Instance,
  parseCidr,
  parseCidrV6,
  parseIpv4,
  parseIpv6,
  type SecurityRule,
} from '@cairn/domain';
import type { RecordedEvent } from '@cairn/event-store';
import type { HostRule, HostSecurity } from '@cairn/host-protocol';

import { guardOf as guardOnHost } from '../../../apps/agent/src/ports/guards';
import type { SimulatedPort } from '../../../apps/agent/src/drivers/simulated/stored-host';

import type { Auditor } from './auditor';

/** What a host holds that says who reaches its guests. */
interface Filtering {
  readonly name: string;
  readonly host: {
    readonly ports: ReadonlyMap<string, SimulatedPort>;
    readonly security: ReadonlyMap<string, HostSecurity>;
  };
}

interface Packet {
  readonly direction: 'ingress' | 'egress';
  /** Address of the other side, of either family. */
  readonly other: string;
  readonly protocol: string;
  /** Port, or type of ICMP. */
  readonly at: number;
}

/** Each kind of traffic meets rules of its own; the last meets only rules of any protocol. */
const TRAFFIC = [
  { protocol: 'tcp', at: 22 },
  { protocol: 'tcp', at: 80 },
  { protocol: 'udp', at: 53 },
  { protocol: 'icmp', at: 8 },
  { protocol: 'sctp', at: 7 },
] as const;

/** Nobody in the cloud has them. */
const OUTSIDE = ['203.0.113.9', '192.0.2.9', '2001:db8::9'];

/** Who is in a group, by address. */
type Members = (groupId: string) => ReadonlySet<string>;

/**
 * Who reaches whom when nobody is owed anything: for each guest that a host has, and each other side that somebody could
 * speak from or to, the host lets pass exactly what the log says. The log is read here by itself: groups and rules by their
 * events, members by their servers, and neither by what hosts are told of them.
 */
export function checkReachability(
  auditor: Auditor,
  machines: readonly Filtering[],
  log: readonly RecordedEvent[],
): void {
  const live = auditor.all('instance').filter(([, { vmState }]) => vmState !== 'deleted' && vmState !== 'absent');
  const servers = new Map(live);
  const rules = rulesIn(log);
  const members = membersAmong(live.map(([, server]) => server));
  const others = [...new Set([...OUTSIDE, ...addressesOn(machines)])];
  for (const { name, host } of machines) {
    for (const port of host.ports.values()) {
      const server = servers.get(port.instanceId);
      if (server === undefined) continue; // checkSettled claims it
      const [wanted, found] = [wantedFilter(server, rules, members), foundFilter(port, host.security)];
      for (const packet of packets(others)) {
        if (wanted(packet) === found(packet)) continue;
        const { direction, other, protocol, at } = packet;
        const way = `${protocol} ${String(at)} ${direction === 'ingress' ? 'from' : 'to'} ${other}`;
        auditor.claim(
          `at the end: ${name} ${found(packet) ? 'lets' : 'does not let'} ${way} pass for ${port.nic.address} of ${port.instanceId}`,
        );
        break;
      }
    }
  }
}

/** Of guests, and those that hosts know as members of groups: somebody may have them by now, or nobody. */
const addressesOn = (machines: readonly Filtering[]): readonly string[] =>
  machines.flatMap(({ host }) => [
    ...[...host.ports.values()].flatMap(({ nic }) => allAddresses(nic)),
    ...[...host.security.values()].flatMap(({ members }) => members.flatMap(({ addresses }) => addresses)),
  ]);

const packets = (others: readonly string[]): readonly Packet[] =>
  (['ingress', 'egress'] as const).flatMap((direction) =>
    others.flatMap((other) => TRAFFIC.map((traffic) => ({ direction, other, ...traffic }))),
  );

type Filter = (packet: Packet) => boolean;
type Rule = Pick<SecurityRule, 'direction' | 'ethertype' | 'protocol' | 'from' | 'to' | 'remote'>;

/** Rules by their group, of the groups that are there. */
function rulesIn(log: readonly RecordedEvent[]): ReadonlyMap<string, readonly Rule[]> {
  const groups = new Map<string, Map<string, Rule>>();
  for (const { type, data } of log) {
    const { groupId } = data as { readonly groupId: string };
    if (type === 'security-group.created.v1') {
      const { rules } = data as unknown as { readonly rules: readonly SecurityRule[] };
      groups.set(groupId, new Map(rules.map((rule) => [rule.ruleId, rule])));
    } else if (type === 'security-group.rule-added.v1') {
      const { rule } = data as unknown as { readonly rule: SecurityRule };
      groups.get(groupId)?.set(rule.ruleId, rule);
    } else if (type === 'security-group.rule-removed.v1') groups.get(groupId)?.delete(String(data['ruleId']));
    else if (type === 'security-group.deleted.v1') groups.delete(groupId);
  }
  return new Map([...groups].map(([id, rules]) => [id, [...rules.values()]]));
}

/** Servers that are not filtered, since they are of a release without groups, are members of none. */
function membersAmong(servers: readonly Instance[]): Members {
  const groups = new Map<string, Set<string>>();
  for (const server of servers.filter((one) => guardOf(one) !== undefined)) {
    for (const { groupId } of groupsOf(server)) {
      const addresses = groups.get(groupId) ?? new Set();
      for (const address of addressesOf(server).flatMap(allAddresses)) addresses.add(address);
      groups.set(groupId, addresses);
    }
  }
  return (groupId) => groups.get(groupId) ?? new Set();
}

function wantedFilter(server: Instance, rules: ReadonlyMap<string, readonly Rule[]>, members: Members): Filter {
  const guard = guardOf(server);
  if (guard === undefined || guard.unfiltered === true) return () => true;
  const mine = groupsOf(server).flatMap(({ groupId }) => rules.get(groupId) ?? []);
  return (packet) => mine.some((rule) => passes(rule, packet, members));
}

function foundFilter(port: SimulatedPort, book: ReadonlyMap<string, HostSecurity>): Filter {
  const guard = guardOnHost(port, book);
  if (guard === undefined) return () => true;
  const told = [...book.values()];
  const mine: readonly HostRule[] = told
    .flatMap(({ groups }) => groups)
    .filter(({ groupId }) => guard.groups.includes(groupId))
    .flatMap(({ rules }) => rules);
  const members: Members = (groupId) =>
    new Set(told.flatMap((one) => one.members.filter((of) => of.groupId === groupId).flatMap((of) => of.addresses)));
  return (packet) => mine.some((rule) => passes(rule, packet, members));
}

function passes({ direction, ethertype, protocol, from, to, remote }: Rule, packet: Packet, members: Members): boolean {
  if (direction !== packet.direction || ethertype !== familyOf(packet.other)) return false;
  if (protocol !== null && protocol.toLowerCase() !== packet.protocol) return false;
  const any = from === null || from < 0;
  if (protocol !== null && !any && (packet.at < from || packet.at > (to ?? from))) return false;
  if (remote === null) return true;
  return 'cidr' in remote ? contains(remote.cidr, packet.other) : members(remote.groupId).has(packet.other);
}

const familyOf = (address: string): Rule['ethertype'] => (address.includes(':') ? 'IPv6' : 'IPv4');

function contains(block: string, address: string): boolean {
  const [cidr6, n6] = [parseCidrV6(block), parseIpv6(address)];
  if (cidr6 !== undefined && n6 !== undefined) return cidr6.base <= n6 && n6 <= cidr6.last;
  const [cidr, n] = [parseCidr(block), parseIpv4(address)];
  return cidr !== undefined && n !== undefined && cidr.base <= n && n <= cidr.broadcast;
}
