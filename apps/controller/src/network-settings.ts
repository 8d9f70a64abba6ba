import { fields, flag, hostName, integer, ipv4Address, list, oneOf, optional, refuse, text } from '@cairn/config';
import {
  blocksOf,
  LAST_VLAN,
  NETWORK_TYPES,
  parseCidr,
  parseCidrV6,
  parseIpv6,
  refusalV6,
  reservedFor,
  traitsOf,
} from '@cairn/domain';
import { isFreeBridgeName, isInterfaceName } from '@cairn/host-protocol';
import type { z } from 'zod';

const isCidr = (given: string): boolean => {
  const cidr = parseCidr(given);
  return cidr !== undefined && cidr.prefix <= 29 && reservedFor(cidr) === undefined;
};

const isCidrV6 = (given: string): boolean => {
  const cidr = parseCidrV6(given);
  return cidr !== undefined && refusalV6(cidr) === undefined;
};

const ipv6Address = (): z.ZodString => text('must be an IPv6 address', (given) => parseIpv6(given) !== undefined);

const network = fields({
  type: oneOf(...NETWORK_TYPES)
    .default('flatdhcp')
    .describe(`What new networks are: ${NETWORK_TYPES.map((type) => `\`${type}\` ${traitsOf(type).says}`).join('; ')}`),
  multiHost: flag()
    .default(true)
    .describe(
      'Whether each host is the gateway of its own guests (nova: `multi_host`, there `False`); false: [one host](#one-gateway-for-all-guests) is of all guests of a network',
    ),
  interface: optional(text('must be a name of an interface', isInterfaceName)).describe(
    'The interface of each host that [joins its bridges](#hosts-that-an-interface-joins) with those of other hosts (nova: `flat_interface`); of `flat` and `flatdhcp`; with [`vlan`](#vlan-networks), needed: the one that their tagged frames pass (nova: `vlan_interface`)',
  ),
  label: text().default('private').describe('Name of the first network'),
  cidr: text('must be an IPv4 network of at least /29 that guests can use, like 10.0.0.0/24', isCidr)
    .default('10.0.0.0/24')
    .describe('Its addresses'),
  bridge: text('must be a name for a new bridge on every host', isFreeBridgeName)
    .default('br100')
    .describe('Its bridge on each host'),
  gateway: optional(ipv4Address()).describe('Not given: the first address of the network'),
  dns: list(ipv4Address()).default([]).describe('Name servers that guests are told'),
  cidrV6: optional(text('must be an IPv6 network of /64 in 2000::/3 or fc00::/7, like fd00:a::/64', isCidrV6)).describe(
    'Its IPv6 addresses (nova: use_ipv6, fixed_range_v6); not given, or with `vlan`: none',
  ),
  gatewayV6: optional(ipv6Address()).describe('Not given: the first address of `cidrV6`'),
  dnsV6: list(ipv6Address())
    .default([])
    .describe('Name servers that guests of networks with IPv6 addresses are told; none: the gateway'),
  domain: hostName('a domain name').default('novalocal').describe('Of the names of guests'),
  mtu: integer(576, 65_535)
    .default(1500)
    .describe('Largest packet, in bytes; with `vxlan` of all networks, 50 less than what hosts can send each other'),
  vlanStart: integer(1, LAST_VLAN)
    .default(100)
    .describe('With `vlan`: the first id that new networks get (nova: `vlan_start`)'),
  numNetworks: integer(1, 1_000)
    .default(1)
    .describe('With `vlan`: how many networks are made of `cidr`, one for each project to come (nova: `num_networks`)'),
  networkSize: integer(8, 65_536)
    .default(256)
    .describe('With `vlan`: how many addresses each of them has, a power of two (nova: `network_size`)'),
});

/** What nova's VlanManager demands of the networks that it makes. */
function checkVlans(
  { type, interface: trunk, cidr, vlanStart, numNetworks, networkSize }: z.output<typeof network>,
  context: z.core.$RefinementCtx,
): void {
  if (traitsOf(type).segment !== 'vlan') return;
  const refused = (field: string, why: string): void => {
    refuse(context, [field], why);
  };
  if (trunk === null) refused('interface', 'must be given with the type vlan');
  const sum = `The sum between the number of networks and the vlan start cannot be greater than ${String(LAST_VLAN)}`;
  if (vlanStart + numNetworks > LAST_VLAN) refused('numNetworks', `is too much. ${sum}`);
  const block = parseCidr(cidr);
  if (block === undefined || blocksOf(block, numNetworks, networkSize) === undefined)
    refused('numNetworks', `of ${String(networkSize)} addresses do not fit into ${cidr}, or that is no power of two`);
}

export const networkSettings = network.superRefine(checkVlans);
