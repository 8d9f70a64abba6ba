import { formatIpv4, parseCidr } from '@cairn/domain';
import type { NetworkRow } from '@cairn/projections';
import { micros, microsOrNull } from '../shared/timestamps';

const netmask = (prefix: number): string => formatIpv4(prefix === 0 ? 0 : (0xffffffff << (32 - prefix)) >>> 0);

/** What every tenant may know of a network (nova 14.1, `network_dict`). */
function shared(row: NetworkRow): Record<string, unknown> {
  const cidr = parseCidr(row.cidr);
  return {
    id: row.id,
    label: row.label,
    cidr: row.cidr,
    netmask: cidr === undefined ? null : netmask(cidr.prefix),
    gateway: row.gateway,
    broadcast: cidr === undefined ? null : formatIpv4(cidr.broadcast),
    dns1: row.dns[0] ?? null,
    dns2: row.dns[1] ?? null,
    cidr_v6: null,
    gateway_v6: null,
    netmask_v6: null,
  };
}

/** A network, with what concerns the hosts for administrators only. What flat DHCP networks do not have is null. */
export const presentNetwork = (row: NetworkRow, admin: boolean): unknown =>
  !admin
    ? shared(row)
    : {
        ...shared(row),
        bridge: row.bridge,
        bridge_interface: null,
        created_at: micros(row.createdAt),
        updated_at: microsOrNull(row.updatedAt),
        deleted: row.deleted,
        deleted_at: microsOrNull(row.deletedAt),
        dhcp_server: row.gateway,
        dhcp_start: row.rangeStart,
        enable_dhcp: true,
        host: null,
        injected: false,
        mtu: row.mtu,
        multi_host: true,
        priority: row.priority,
        project_id: row.projectId,
        rxtx_base: null,
        share_address: true,
        vlan: null,
        vpn_private_address: null,
        vpn_public_address: null,
        vpn_public_port: null,
      };

export const presentTenantNetwork = (row: NetworkRow): unknown => ({ id: row.id, cidr: row.cidr, label: row.label });
