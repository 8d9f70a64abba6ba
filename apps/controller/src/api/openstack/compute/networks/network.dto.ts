import { Allow } from 'class-validator';
import { IsName, IsText, MayBeAbsent, MayBeNull, Nested } from '../../../http';
import {
  IsBooleanLike,
  IsBridge,
  IsHostname,
  IsIntegerLike,
  IsIpv4,
  IsIpv6,
  IsProjectIdOrNull,
  IsTextOrNull,
} from '../shared/validators';

/** What both ways to make a network take. Fields of VLANs are refused where the cloud's networks are not VLANs. */
class AnyNetwork {
  @IsName() readonly label!: string;
  @MayBeAbsent() @IsText(9, 18) readonly cidr?: string;
  @MayBeAbsent() @IsBooleanLike() readonly ipam?: boolean | string;
  @MayBeNull() @IsText(4, 43) readonly cidr_v6?: string | null;
  @MayBeNull() @IsIntegerLike(0, 2_147_483_647) readonly vlan_start?: number | string | null;
}

/** What nova-network takes from administrators, with the priority that only its client knew. */
class NetworkBody extends AnyNetwork {
  @MayBeAbsent() @IsBridge() readonly bridge?: string;
  @MayBeAbsent() @IsTextOrNull() readonly bridge_interface?: string | null;
  @MayBeAbsent() @IsIpv4() readonly gateway?: string;
  @MayBeAbsent() @IsIpv4() readonly dhcp_server?: string;
  @MayBeAbsent() @IsIpv4() readonly dns1?: string;
  @MayBeAbsent() @IsIpv4() readonly dns2?: string;
  @MayBeAbsent() @IsText(9, 18) readonly fixed_cidr?: string;
  @MayBeAbsent() @IsIpv4() readonly allowed_start?: string;
  @MayBeAbsent() @IsIpv4() readonly allowed_end?: string;
  @MayBeAbsent() @IsIntegerLike(576, 65_535) readonly mtu?: number | string;
  @MayBeAbsent() @IsIntegerLike(0, 2_147_483_647) readonly priority?: number | string;
  @MayBeAbsent() @IsBooleanLike() readonly enable_dhcp?: boolean | string;
  @MayBeAbsent() @IsBooleanLike() readonly share_address?: boolean | string;
  @MayBeAbsent() @IsBooleanLike() readonly multi_host?: boolean | string;
  @MayBeAbsent() @IsProjectIdOrNull() readonly project_id?: string | null;
  @MayBeNull() @IsIntegerLike(0, 2_147_483_647) readonly vlan?: number | string | null;
  @Allow() readonly vpn_start?: unknown;
  @MayBeNull() @IsIpv6() readonly gateway_v6?: string | null;
}

class TenantNetworkBody extends AnyNetwork {
  @MayBeAbsent() @IsIntegerLike(1, 2_147_483_647) readonly num_networks?: number | string;
  @MayBeAbsent() @IsIntegerLike(1, 2_147_483_647) readonly network_size?: number | string;
}

export class CreateNetworkBody {
  @Nested(() => NetworkBody) readonly network!: NetworkBody;
}

export class CreateTenantNetworkBody {
  @Nested(() => TenantNetworkBody) readonly network!: TenantNetworkBody;
}

export class AddNetworkBody {
  @IsTextOrNull() readonly id!: string | null;
}

export class AssociateHostBody {
  @IsHostname() readonly associate_host!: string;
}

export type NetworkWish = NetworkBody;
export type TenantNetworkWish = TenantNetworkBody;
