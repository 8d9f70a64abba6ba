import { formatIpv4, GUEST_PREFIX, netmaskOf, netmaskV6, parseCidr } from '@cairn/domain';
import type { NetworkRow } from '@cairn/projections';
import { vpnAddress } from '../../../../application/network/new-range';
import { micros, microsOrNull } from '../shared/timestamps';

/** What every tenant may know of a network (nova 14.1, `network_dict`). */
function shared(row: NetworkRow): Record<string, unknown> {
  const cidr = parseCidr(row.cidr);
  return {
    id: row.id,
    label: row.label,
    cidr: row.cidr,
    netmask: cidr === undefined ? null : netmaskOf(cidr),
    gateway: row.gateway,
    broadcast: cidr === undefined ? null : formatIpv4(cidr.broadcast),
    dns1: row.dns[0] ?? null,
    dns2: row.dns[1] ?? null,
    cidr_v6: row.ipv6?.cidr ?? null,
    gateway_v6: row.ipv6?.gateway ?? null,
    netmask_v6: row.ipv6 === null ? null : netmaskV6(GUEST_PREFIX),
  };
}

/**
 * A network, with what concerns the hosts for administrators only. What networks do not have is null.
 * @param host the name of the one that is the gateway of all guests; null for none such
 */
export const presentNetwork = (row: NetworkRow, admin: boolean, host: string | null = null): unknown =>
  !admin
    ? shared(row)
    : {
        ...shared(row),
        bridge: row.bridge,
        bridge_interface: row.bridgeInterface,
        created_at: micros(row.createdAt),
        updated_at: microsOrNull(row.updatedAt),
        deleted: row.deleted,
        deleted_at: microsOrNull(row.deletedAt),
        dhcp_server: row.dhcp ? row.gateway : null,
        dhcp_start: row.rangeStart,
        enable_dhcp: row.dhcp,
        host,
        injected: !row.dhcp,
        mtu: row.mtu,
        multi_host: row.gatewayHosts === 'every',
        priority: row.priority,
        project_id: row.projectId,
        rxtx_base: null,
        share_address: true,
        vlan: row.vlan,
        vpn_private_address: row.vlan === null ? null : vpnAddress(row.cidr),
        vpn_public_address: null,
        vpn_public_port: null,
      };

export const presentTenantNetwork = (row: NetworkRow): unknown => ({ id: row.id, cidr: row.cidr, label: row.label });
