import {
  blocksOf,
  type Cidr,
  type Ipv6Block,
  type NetworkSpec,
  type NetworkType,
  deriveId,
  formatCidrV6,
  formatIpv4,
  formatIpv6,
  GUEST_PREFIX,
  kindOf,
  labelOfBlock,
  parseCidr,
  parseCidrV6,
  traitsOf,
} from '@cairn/domain';
import { isInterfaceName } from '@cairn/host-protocol';
import type { NewNetwork } from '../../../../application/network/network.handlers';
import { badRequest } from '../shared/additional';
import { booleanOf } from '../shared/validators';
import type { NetworkWish, TenantNetworkWish } from './network.dto';

/** Fields of kinds of networks that Cairn's hosts do not make. */
const UNSUPPORTED = ['vpn_start'] as const;
/** Fields of networks that are VLANs. */
const OF_VLANS = ['vlan', 'vlan_start'] as const;

/** What the operator has chosen (nova: `network_manager`, `multi_host`, `flat_interface`, `flat_network_dns`, `dhcp_domain`). */
export interface NetworkDefaults {
  readonly type: NetworkType;
  /** Whether each host is the gateway of its guests, in networks where nobody says. */
  readonly multiHost: boolean;
  /** The interface that joins the bridges of hosts, of networks for which nobody names one. */
  readonly interface: string | null;
  /** Name servers of networks for which nobody names any. */
  readonly dns: readonly string[];
  /** The same, with IPv6 addresses. */
  readonly dnsV6: readonly string[];
  readonly domain: string;
}

type Wish = Pick<NetworkWish, 'label'> & Partial<NetworkWish>;

/** nova's defaults hold for fields that are not given. @throws HttpProblem 400 for a network that no host of Cairn's makes. */
function requireSupported(wish: Wish, { type }: NetworkDefaults): void {
  const unsupported = [...UNSUPPORTED, ...(traitsOf(type).segment === 'vlan' ? [] : OF_VLANS)];
  const given = unsupported.find((field) => wish[field] !== undefined && wish[field] !== null);
  if (given !== undefined) throw badRequest(`${given}: only flat networks are supported.`);
  if (booleanOf(wish.share_address ?? true) === false)
    throw badRequest('share_address: the gateway has the same address on each host.');
}

/** @throws HttpProblem 400 for what networks of the type are not. */
function kindIn(wish: Wish, { type, multiHost, interface: usual }: NetworkDefaults): ReturnType<typeof kindOf> {
  const { dhcp, segment } = traitsOf(type);
  if (booleanOf(wish.enable_dhcp ?? dhcp) === true && !dhcp)
    throw badRequest(`enable_dhcp: networks of the type ${type} have no DHCP server.`);
  const joining = wish.bridge_interface ?? null;
  if (joining !== null && segment === 'vxlan')
    throw badRequest(`bridge_interface: networks of the type ${type} span hosts without one.`);
  if (joining !== null && !isInterfaceName(joining))
    throw badRequest(`bridge_interface: ${joining} is no name of an interface.`);
  return kindOf(type, {
    dhcp: booleanOf(wish.enable_dhcp ?? dhcp) === true,
    multiHost: booleanOf(wish.multi_host ?? multiHost) === true,
    interface: joining ?? usual,
  });
}

function cidrIn(text: string | undefined, field: string): Cidr {
  const cidr = text === undefined ? undefined : parseCidr(text);
  if (cidr !== undefined) return cidr;
  if (text === undefined)
    throw badRequest(`Invalid input for field/attribute network. '${field}' is a required property`);
  throw noNetwork(text, field);
}

const noNetwork = (text: string, field: string): Error =>
  badRequest(`Invalid input for field/attribute ${field}. Value: ${text}. ${text} is not a valid ip network.`);

/**
 * The IPv6 addresses of the n-th network that a body asks for: nova cuts a larger block into pieces of 64 bits. Its schema
 * takes either family, and a network of both only from its own command; here every network has IPv4 addresses, too.
 */
function ipv6In({ cidr_v6, gateway_v6 }: Wish, { dnsV6 }: NetworkDefaults, n = 0): Ipv6Block | undefined {
  const text = cidr_v6 ?? undefined;
  if (text === undefined) {
    if ((gateway_v6 ?? undefined) === undefined) return undefined;
    throw badRequest('gateway_v6: the network has no cidr_v6.');
  }
  const cidr = parseCidrV6(text);
  if (cidr === undefined) throw noNetwork(text, 'cidr_v6');
  const prefix = Math.max(cidr.prefix, GUEST_PREFIX);
  const base = cidr.base + (BigInt(n) << BigInt(128 - prefix));
  if (base > cidr.last) throw badRequest(`${text} has not room for so many networks.`);
  return { cidr: formatCidrV6({ base, prefix }), gateway: gateway_v6 ?? formatIpv6(base + 1n), dns: dnsV6 };
}

/** The part of a network whose addresses guests get (nova: `fixed_cidr`), without its first two and its last. */
function rangeIn(wish: Wish, cidr: Cidr): Pick<NewNetwork, 'rangeStart' | 'rangeEnd'> {
  const asked = { rangeStart: wish.allowed_start ?? null, rangeEnd: wish.allowed_end ?? null };
  if (wish.fixed_cidr === undefined) return asked;
  const { base, broadcast } = cidrIn(wish.fixed_cidr, 'fixed_cidr');
  if (base < cidr.base || broadcast > cidr.broadcast)
    throw badRequest(`${formatIpv4(base)} is not within ${wish.cidr ?? ''}.`);
  return {
    rangeStart: asked.rangeStart ?? formatIpv4(base + 2),
    rangeEnd: asked.rangeEnd ?? formatIpv4(broadcast - 1),
  };
}

/**
 * A network as nova-network makes it: gateway the first address, bridge named after the network unless one
 * is given. @param n its place among those that one body asks for, from 0. @throws HttpProblem 400 for what is not supported.
 */
export function newNetwork(wish: Wish, networkId: string, defaults: NetworkDefaults, n = 0): NewNetwork {
  requireSupported(wish, defaults);
  const cidr = cidrIn(wish.cidr, 'cidr');
  const gateway = wish.gateway ?? formatIpv4(cidr.base + 1);
  if (wish.dhcp_server !== undefined && wish.dhcp_server !== gateway)
    throw badRequest('dhcp_server: DHCP is served from the gateway address.');
  const dns = [wish.dns1, wish.dns2].filter((address) => address !== undefined);
  const ipv6 = ipv6In(wish, defaults, n);
  const spec: NetworkSpec = {
    networkId,
    label: wish.label,
    bridge: wish.bridge ?? `br${networkId.replaceAll('-', '').slice(0, 12)}`,
    cidr: wish.cidr ?? '',
    gateway,
    dns: dns.length === 0 ? defaults.dns : dns,
    domain: defaults.domain,
    mtu: Number(wish.mtu ?? 1500),
    ...kindIn(wish, defaults),
    ...(ipv6 === undefined ? {} : { ipv6 }),
  };
  const priority = wish.priority === undefined ? null : Number(wish.priority);
  return { spec, ...rangeIn(wish, cidr), projectId: wish.project_id ?? null, priority, ...vlanIn(wish) };
}

/** `vlan` says which one, `vlan_start` the first that may be. */
function vlanIn({ vlan = null, vlan_start: start = null }: Wish): Pick<NewNetwork, 'vlan'> {
  if (vlan !== null) return { vlan: { id: Number(vlan) } };
  return start === null ? {} : { vlan: { from: Number(start) } };
}

/** The most networks that one request may ask for. */
const MOST_NETWORKS = 64;

/**
 * The networks that a tenant asks for: as many as it says, of the size that it says, one after the other from the beginning of the block
 * (nova-network: `network_size`, `num_networks`). @param first the id of the first. @throws HttpProblem 400
 */
export function tenantNetworks(
  { num_networks, network_size, ...wish }: TenantNetworkWish,
  first: string,
  projectId: string,
  defaults: NetworkDefaults,
): readonly NewNetwork[] {
  requireSupported(wish, defaults);
  const block = cidrIn(wish.cidr, 'cidr');
  const whole = block.broadcast - block.base + 1;
  if (whole < 4) throw badRequest('Requested network does not contain enough (2+) usable hosts');
  const count = Number(num_networks ?? 1);
  const size = 2 ** Math.ceil(Math.log2(Number(network_size ?? Math.floor(whole / count))));
  const blocks = count > MOST_NETWORKS ? undefined : blocksOf(block, count, size);
  if (blocks === undefined)
    throw badRequest(`${String(count)} networks of that size do not fit into ${wish.cidr ?? ''}.`);
  return blocks.map((cidr, i) => {
    const one = { ...wish, label: labelOfBlock(wish.label, i, count), cidr, project_id: projectId };
    return newNetwork(one, i === 0 ? first : deriveId(first, i), defaults, i);
  });
}
