import { type Cidr, type NetworkSpec, deriveId, formatIpv4, parseCidr } from '@cairn/domain';
import type { NewNetwork } from '../../../../application/network/network.handlers';
import { badRequest } from '../shared/additional';
import { booleanOf } from '../shared/validators';
import type { NetworkWish, TenantNetworkWish } from './network.dto';

/** Fields of kinds of networks that Cairn's hosts do not make. */
const UNSUPPORTED = ['cidr_v6', 'gateway_v6', 'vlan', 'vlan_start', 'vpn_start', 'bridge_interface'] as const;

/** What the operator has chosen of names (nova: `flat_network_dns`, `dhcp_domain`). */
export interface NamesOfGuests {
  /** Name servers of networks that are made without. */
  readonly dns: readonly string[];
  readonly domain: string;
}

type Wish = Pick<NetworkWish, 'label'> & Partial<NetworkWish>;

/** nova's defaults hold for fields that are not given. @throws HttpProblem 400 for a network that no host of Cairn's makes. */
function requireSupported(wish: Wish): void {
  const given = UNSUPPORTED.find((field) => wish[field] !== undefined && wish[field] !== null);
  if (given !== undefined) throw badRequest(`${given}: only flat IPv4 networks with DHCP are supported.`);
  if (booleanOf(wish.enable_dhcp ?? true) === false)
    throw badRequest('enable_dhcp: networks without DHCP are not supported.');
  if (booleanOf(wish.share_address ?? true) === false)
    throw badRequest('share_address: the gateway has the same address on each host.');
  if (booleanOf(wish.multi_host ?? true) === false)
    throw badRequest('multi_host: each host is the gateway of its guests.');
}

function cidrIn(text: string | undefined, field: string): Cidr {
  const cidr = text === undefined ? undefined : parseCidr(text);
  if (cidr !== undefined) return cidr;
  if (text === undefined)
    throw badRequest(`Invalid input for field/attribute network. '${field}' is a required property`);
  throw badRequest(`Invalid input for field/attribute ${field}. Value: ${text}. ${text} is not a valid ip network.`);
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
 * A network of flat DHCP as nova-network makes it: gateway the first address, bridge named after the network unless one
 * is given. @throws HttpProblem 400 for what is not supported.
 */
export function newNetwork(wish: Wish, networkId: string, names: NamesOfGuests): NewNetwork {
  requireSupported(wish);
  const cidr = cidrIn(wish.cidr, 'cidr');
  const gateway = wish.gateway ?? formatIpv4(cidr.base + 1);
  if (wish.dhcp_server !== undefined && wish.dhcp_server !== gateway)
    throw badRequest('dhcp_server: DHCP is served from the gateway address.');
  const dns = [wish.dns1, wish.dns2].filter((address) => address !== undefined);
  const spec: NetworkSpec = {
    networkId,
    label: wish.label,
    bridge: wish.bridge ?? `br${networkId.replaceAll('-', '').slice(0, 12)}`,
    cidr: wish.cidr ?? '',
    gateway,
    dns: dns.length === 0 ? names.dns : dns,
    domain: names.domain,
    mtu: Number(wish.mtu ?? 1500),
  };
  const priority = wish.priority === undefined ? null : Number(wish.priority);
  return { spec, ...rangeIn(wish, cidr), projectId: wish.project_id ?? null, priority };
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
  names: NamesOfGuests,
): readonly NewNetwork[] {
  requireSupported(wish);
  const { base, broadcast } = cidrIn(wish.cidr, 'cidr');
  const whole = broadcast - base + 1;
  if (whole < 4) throw badRequest('Requested network does not contain enough (2+) usable hosts');
  const count = Number(num_networks ?? 1);
  const size = 2 ** Math.ceil(Math.log2(Number(network_size ?? Math.floor(whole / count))));
  if (count > MOST_NETWORKS || count * size > whole)
    throw badRequest(`${String(count)} networks of that size do not fit into ${wish.cidr ?? ''}.`);
  return Array.from({ length: count }, (_, i) => {
    const cidr = `${formatIpv4(base + i * size)}/${String(32 - Math.log2(size))}`;
    const label = count > 1 ? `${wish.label}_${String(i)}` : wish.label;
    return newNetwork({ label, cidr, project_id: projectId }, i === 0 ? first : deriveId(first, i), names);
  });
}
