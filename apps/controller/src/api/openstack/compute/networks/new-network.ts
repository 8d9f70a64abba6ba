import { type NetworkSpec, formatIpv4, parseCidr } from '@cairn/domain';
import type { NewNetwork } from '../../../../application/network/network.handlers';
import { badRequest } from '../shared/additional';
import { booleanOf } from '../shared/validators';
import type { NetworkWish } from './network.dto';

const UNSUPPORTED = [
  'vlan',
  'vlan_start',
  'num_networks',
  'network_size',
  'cidr_v6',
  'gateway_v6',
  'bridge_interface',
] as const;

/** What hosts hand out as the domain of their guests' names (nova: dhcp_domain). */
const DHCP_DOMAIN = 'novalocal';

function requireFlat(wish: NetworkWish): void {
  const given = UNSUPPORTED.find((field) => wish[field] !== undefined && wish[field] !== null);
  if (given !== undefined) throw badRequest(`${given}: only flat IPv4 networks with DHCP are supported.`);
  if (booleanOf(wish.enable_dhcp ?? true) === false)
    throw badRequest('enable_dhcp: networks without DHCP are not supported.');
  if (booleanOf(wish.share_address ?? false) === true)
    throw badRequest('share_address: the gateway has its own address on each host.');
}

/**
 * A network of flat DHCP as nova-network makes it: gateway the first address, bridge named after the network unless one
 * is given. @throws HttpProblem 400 for what is not supported.
 */
export function newNetwork(wish: NetworkWish, networkId: string): NewNetwork {
  requireFlat(wish);
  const cidr = parseCidr(wish.cidr);
  if (cidr === undefined)
    throw badRequest(
      `Invalid input for field/attribute cidr. Value: ${wish.cidr}. ${wish.cidr} is not a valid ip network.`,
    );
  const gateway = wish.gateway ?? formatIpv4(cidr.base + 1);
  if (wish.dhcp_server !== undefined && wish.dhcp_server !== gateway)
    throw badRequest('dhcp_server: DHCP is served from the gateway address.');
  const spec: NetworkSpec = {
    networkId,
    label: wish.label,
    bridge: wish.bridge ?? `br${networkId.replaceAll('-', '').slice(0, 12)}`,
    cidr: wish.cidr,
    gateway,
    dns: [wish.dns1, wish.dns2].filter((address) => address !== undefined),
    domain: DHCP_DOMAIN,
    mtu: Number(wish.mtu ?? 1500),
  };
  return { spec, rangeStart: wish.allowed_start ?? null, rangeEnd: wish.allowed_end ?? null };
}
