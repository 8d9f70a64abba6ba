import { isIP } from 'node:net';

import { isUniqueLocal, parseCidrV6 } from '@cairn/domain';
import type { NetworkSpec } from '@cairn/host-protocol';

import type { Served } from '../../ports/gateways';
import type { Port } from '../../ports/host-network.port';

import { dropAs } from './drops';
import { tapName } from './names';
import { type CarriedAddress, floatingChains, floatingRules } from './nat';
import { framesFromHosts, framesOfGuests, fromOtherHosts, type Overlay, toOtherHosts } from './overlay-rules';
import type { Service } from './own-services';
import { NO_RULES, type SecurityRules } from './security-rules';
import { spoofingRules } from './spoofing-rules';

/** A network of this host with its guests' ports. */
export interface PortedNetwork {
  readonly spec: NetworkSpec;
  readonly ports: readonly Port[];
  /** This host leads guests out, and serves them. */
  readonly isGateway: boolean;
  /** Guests that it does that for: those of its ports, or, where one host does it for all, those of all hosts. */
  readonly served: readonly Served[];
  /** Its bridge is the administrator's: nothing is changed of it, and not all that comes from it is guests'. */
  readonly isBorrowed: boolean;
}

export interface RulesetOptions {
  /** Name of the tables, one per family, that are ours and nobody else's. */
  readonly table: string;
  readonly metadataPort: number;
  /** Services elsewhere that believe this host, and would take its guests for it. */
  readonly closed: readonly Service[];
  /** Services that guests reach although they are closed, also at their host's own addresses. */
  readonly open: readonly Service[];
  /** Addresses outside that lead to guests. */
  readonly carried: readonly CarriedAddress[];
  /** Those of the networks that span hosts. */
  readonly overlays: readonly Overlay[];
}

/** Where guests look for their metadata. */
const METADATA_ADDRESS = '169.254.169.254';

/**
 * nftables' commands that replace our tables by what these networks need, in one transaction: no packet sees half of it.
 * Pure. Names and addresses were checked by `checkPort`. Sets of security groups are empty.
 * @param security what filters the guests' traffic; nothing does without it
 */
export function ruleset(
  networks: readonly PortedNetwork[],
  options: RulesetOptions,
  security: Pick<SecurityRules, 'lines'> = NO_RULES,
): string {
  const specs = networks.filter(({ isBorrowed }) => !isBorrowed).map((network) => network.spec);
  return [
    ...withoutTables(options.table),
    `table ip ${options.table} {`,
    ...indent([
      ...bridgeSet(specs),
      ...natChains(gatewaysIn(networks), options),
      ...filterChains(networks, options),
      ...security.lines.ip,
    ]),
    '}',
    `table ip6 ${options.table} {`,
    ...indent([...bridgeSet(specs), ...chainsV6(specs, options), ...security.lines.ip6]),
    '}',
    `table bridge ${options.table} {`,
    ...indent([
      ...spoofingChains(networks.flatMap((network) => network.ports)),
      ...chain('from_hosts', FRAMES, fromOtherHosts(specs)),
      ...chain('to_hosts', 'filter hook postrouting priority filter', toOtherHosts(specs)),
    ]),
    '}',
    '',
  ].join('\n');
}

/** The commands that take our tables away. */
export const emptyRuleset = (options: Pick<RulesetOptions, 'table'>): string =>
  [...withoutTables(options.table), ''].join('\n');

/** A table that is deleted has to exist, so it is declared first. */
const withoutTables = (table: string): readonly string[] =>
  ['ip', 'ip6', 'bridge'].flatMap((family) => [`table ${family} ${table} {`, '}', `delete table ${family} ${table}`]);

const indent = (lines: readonly string[]): readonly string[] => lines.map((line) => `  ${line}`);
const quoted = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ');

function chain(name: string, hook: string | null, rules: readonly string[]): readonly string[] {
  const head = hook === null ? [] : [`type ${hook}; policy accept;`];
  return [`chain ${name} {`, ...indent([...head, ...rules]), '}'];
}

function bridgeSet(networks: readonly NetworkSpec[]): readonly string[] {
  const elements = networks.length === 0 ? [] : [`elements = { ${quoted(networks.map(({ bridge }) => bridge))} }`];
  return ['set bridges {', ...indent(['type ifname', ...elements]), '}'];
}

/** Networks whose guests this host leads out. */
const gatewaysIn = (networks: readonly PortedNetwork[]): readonly NetworkSpec[] =>
  networks.filter(({ isGateway }) => isGateway).map(({ spec }) => spec);

/** Guests reach metadata at the gateway, where the agent listens, and the world under the host's address. */
function natChains(networks: readonly NetworkSpec[], { metadataPort, carried }: RulesetOptions): readonly string[] {
  const metadata = networks.map(
    ({ bridge, gateway }) =>
      `iifname "${bridge}" ip daddr ${METADATA_ADDRESS} tcp dport 80 dnat to ${gateway}:${String(metadataPort)}`,
  );
  const egress = networks.map(({ bridge, cidr }) => `ip saddr ${cidr} oifname != "${bridge}" masquerade`);
  return [
    ...chain('metadata', 'nat hook prerouting priority dstnat', metadata),
    ...floatingChains(carried, networks).flatMap(([name, hook, rules]) => chain(name, hook, rules)),
    ...chain('egress', 'nat hook postrouting priority srcnat', egress),
  ];
}

/** What the host itself receives, at whichever of its addresses. */
const INPUT = 'filter hook input priority filter';

type Family = 'ip' | 'ip6';

interface Gateway {
  readonly bridge: string;
  readonly gateway: string;
}

const fromOtherNetworks = (family: Family, { bridge, gateway }: Gateway): string =>
  `${family} daddr ${gateway} iifname != { "${bridge}", "lo" } ${dropAs('the gateway of another network')}`;

const toNameServer = (family: Family, { bridge, gateway }: Gateway): string =>
  `iifname "${bridge}" ${family} daddr ${gateway} meta l4proto { tcp, udp } th dport 53 accept`;

const toOtherNetworks = (bridge: string): string => `oifname != "${bridge}" oifname @bridges`;

/** To those of the services that are at addresses of the family. */
const toward = (services: readonly Service[], verdict: string, family: Family = 'ip'): readonly string[] =>
  services
    .filter(({ address }) => isIP(address) === (family === 'ip' ? 4 : 6))
    .map(({ address, port }) => `iifname @bridges ${family} daddr ${address} tcp dport ${String(port)} ${verdict}`);

/**
 * A host that has two networks' gateways would route between them, and answer one network at the other's gateway. What
 * guests send elsewhere leaves under the host's address.
 */
function filterChains(networks: readonly PortedNetwork[], options: RulesetOptions): readonly string[] {
  const served = gatewaysIn(networks);
  const outside = networks.length === 0 ? [] : floatingRules(options.carried);
  const elsewhere =
    networks.length === 0
      ? []
      : [framesOfGuests, ...toward(options.open, 'accept'), ...toward(options.closed, dropAs('services of the cloud'))];
  return [
    ...chain('isolation', 'filter hook forward priority filter', [
      ...outside,
      ...networks.map(isolating),
      ...elsewhere,
    ]),
    ...chain(
      'gateways',
      INPUT,
      served.map((network) => fromOtherNetworks('ip', network)),
    ),
    ...chain('frames', INPUT, framesFromHosts(options.overlays)),
    ...chain('host', INPUT, networks.length === 0 ? [] : [...borrowedRules(networks), ...hostRules(served, options)]),
  ];
}

/** What comes from a network is not forwarded to another one; and nowhere, by a host that is not its gateway. */
function isolating({ spec: { bridge }, ports, isGateway, isBorrowed }: PortedNetwork): string {
  const from = isBorrowed ? `iifname "${bridge}" ip saddr ${addressesOf(ports)}` : `iifname "${bridge}"`;
  const to = isGateway || isBorrowed ? toOtherNetworks(bridge) : `oifname != "${bridge}"`;
  return `${from} ${to} ${dropAs('another network')}`;
}

const addressesOf = (ports: readonly Port[]): string => `{ ${ports.map(({ nic }) => nic.address).join(', ')} }`;

/** Of the administrator's bridges, which may be the host's own way to others: what guests send to the host, nobody else. */
const borrowedRules = (networks: readonly PortedNetwork[]): readonly string[] =>
  networks
    .filter(({ isBorrowed }) => isBorrowed)
    .flatMap(({ spec: { bridge }, ports }) => {
      const guests = `iifname "${bridge}" ip saddr ${addressesOf(ports)}`;
      return [
        `${guests} ct state established,related accept`,
        `${guests} meta l4proto icmp accept`,
        `${guests} ${dropAs('ports of the host')}`,
      ];
    });

/**
 * A guest reaches nothing of the host but its DHCP, DNS and metadata servers, ICMP, and what the operator has opened: other
 * ports, on all addresses, may trust who can reach them. Answers to what the host began pass.
 */
const hostRules = (networks: readonly NetworkSpec[], { metadataPort, open }: RulesetOptions): readonly string[] => [
  'iifname != @bridges accept',
  'ct state established,related accept',
  'meta l4proto icmp accept',
  'udp sport 68 udp dport 67 accept',
  ...networks.flatMap(({ bridge, gateway }) => [
    toNameServer('ip', { bridge, gateway }),
    `iifname "${bridge}" ip daddr ${gateway} tcp dport ${String(metadataPort)} accept`,
  ]),
  ...toward(open, 'accept'),
  dropAs('ports of the host'),
];

/**
 * The same for IPv6. Its addresses are routed, not translated, but for those that nobody outside the site has a route to.
 * Bridges of networks without it have none: what comes from there is dropped.
 */
function chainsV6(networks: readonly NetworkSpec[], options: RulesetOptions): readonly string[] {
  const of6 = networks.flatMap(({ bridge, ipv6 }) => (ipv6 === undefined ? [] : [{ bridge, ...ipv6 }]));
  if (of6.length === 0)
    return chain('host', INPUT, networks.length === 0 ? [] : [`iifname @bridges ${dropAs('IPv6')}`]);
  const isolation = of6.map(
    ({ bridge }) => `iifname "${bridge}" ${toOtherNetworks(bridge)} ${dropAs('another network')}`,
  );
  const gateways = of6.map((network) => fromOtherNetworks('ip6', network));
  const local = of6.filter(({ cidr }) => {
    const block = parseCidrV6(cidr);
    return block !== undefined && isUniqueLocal(block);
  });
  const egress = local.map(({ bridge, cidr }) => `ip6 saddr ${cidr} oifname != "${bridge}" masquerade`);
  const closed = toward(options.closed, dropAs('services of the cloud'), 'ip6');
  return [
    ...chain('egress', 'nat hook postrouting priority srcnat', egress),
    ...chain('isolation', 'filter hook forward priority filter', [
      ...isolation,
      ...toward(options.open, 'accept', 'ip6'),
      ...closed,
    ]),
    ...chain('gateways', INPUT, gateways),
    ...chain('host', INPUT, hostRulesV6(networks, of6, options)),
  ];
}

const hostRulesV6 = (
  networks: readonly NetworkSpec[],
  of6: readonly Gateway[],
  { open }: RulesetOptions,
): readonly string[] => [
  'iifname != @bridges accept',
  ...networks.filter(({ ipv6 }) => ipv6 === undefined).map(({ bridge }) => `iifname "${bridge}" ${dropAs('IPv6')}`),
  'ct state established,related accept',
  // with neighbour discovery
  'meta l4proto ipv6-icmp accept',
  'udp sport 546 udp dport 547 accept',
  ...of6.map((network) => toNameServer('ip6', network)),
  ...toward(open, 'accept', 'ip6'),
  dropAs('ports of the host'),
];

/** All frames, before anything else looks at them. */
const FRAMES = 'filter hook prerouting priority -300';

/**
 * In the bridge family, before anything else looks at a frame. One map leads each tap to its own
 * chain; other interfaces are not ours to judge. The hook's table cannot know bridges by name here, only ports.
 */
function spoofingChains(ports: readonly Port[]): readonly string[] {
  const taps = ports.map((port) => ({ tap: tapName(port.instanceId, port.index), nic: port.nic }));
  const jumps = taps.map(({ tap }) => `"${tap}" : jump ${tap}`);
  const dispatch = jumps.length === 0 ? [] : [`iifname vmap { ${jumps.join(', ')} }`];
  return [
    ...taps.flatMap(({ tap, nic }) => chain(tap, null, spoofingRules(nic))),
    ...chain('from_taps', FRAMES, dispatch),
  ];
}
