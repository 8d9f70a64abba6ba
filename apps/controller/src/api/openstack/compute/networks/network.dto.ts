import { Allow } from 'class-validator';
import { IsName, IsText, MayBeAbsent, Nested } from '../../../http';
import { IsBooleanLike, IsBridge, IsIntegerLike, IsIpv4, IsOneOf } from '../shared/validators';

/** What nova-network takes; of it only what a flat DHCP network with IPv4 has is honoured, the rest is refused. */
class NetworkBody {
  @IsName() readonly label!: string;
  @IsText(9, 18) readonly cidr!: string;
  @MayBeAbsent() @IsBridge() readonly bridge?: string;
  @MayBeAbsent() @IsIpv4() readonly gateway?: string;
  @MayBeAbsent() @IsIpv4() readonly dhcp_server?: string;
  @MayBeAbsent() @IsIpv4() readonly dns1?: string;
  @MayBeAbsent() @IsIpv4() readonly dns2?: string;
  @MayBeAbsent() @IsIpv4() readonly allowed_start?: string;
  @MayBeAbsent() @IsIpv4() readonly allowed_end?: string;
  @MayBeAbsent() @IsIntegerLike(576, 65_535) readonly mtu?: number | string;
  @MayBeAbsent() @IsBooleanLike() readonly enable_dhcp?: boolean | string;
  @MayBeAbsent() @IsBooleanLike() readonly share_address?: boolean | string;
  @MayBeAbsent() @IsBooleanLike() readonly multi_host?: boolean | string;
  @MayBeAbsent() @IsOneOf(null) readonly project_id?: null;
  @Allow() readonly vlan?: unknown;
  @Allow() readonly vlan_start?: unknown;
  @Allow() readonly num_networks?: unknown;
  @Allow() readonly network_size?: unknown;
  @Allow() readonly cidr_v6?: unknown;
  @Allow() readonly gateway_v6?: unknown;
  @Allow() readonly bridge_interface?: unknown;
}

export class CreateNetworkBody {
  @Nested(() => NetworkBody) readonly network!: NetworkBody;
}

export type NetworkWish = NetworkBody;
