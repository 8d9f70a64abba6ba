import type { Instant, Ipv6Block } from '@cairn/domain';
import { Entity, Index } from 'typeorm';
import { Flag, Id, Int, Json, Key, Time } from '../columns';

/** A network with what its hosts make of it. Deleted networks stay, marked. */
@Entity({ name: 'network_v2' })
@Index('network_v2_label', ['label'])
export class NetworkRow {
  @Key() readonly id!: string;
  @Id() readonly label!: string;
  @Id() readonly bridge!: string;
  @Id() readonly cidr!: string;
  @Id() readonly gateway!: string;
  @Json() readonly dns!: readonly string[];
  @Id() readonly domain!: string;
  @Int() readonly mtu!: number;
  /** Whether hosts serve DHCP; if not, addresses are injected. */
  @Flag() readonly dhcp!: boolean;
  /** `every` host, `one` for all of them, or `none` of Cairn's. */
  @Id() readonly gatewayHosts!: 'every' | 'one' | 'none';
  /** The one that is; null for none, or where each is. */
  @Id({ nullable: true }) readonly gatewayHostId!: string | null;
  /** The interface of each host that joins its bridge with those of others; null for none. */
  @Id({ nullable: true }) readonly bridgeInterface!: string | null;
  /** The id of its VLAN; null for one without. */
  @Int({ nullable: true }) readonly vlan!: number | null;
  /** Null for a network without IPv6 addresses. */
  @Json({ nullable: true }) readonly ipv6!: Ipv6Block | null;
  /** First and last address that instances may get. */
  @Id() readonly rangeStart!: string;
  @Id() readonly rangeEnd!: string;
  /** Whose guests it is for; null: everybody's. */
  @Id({ nullable: true }) readonly projectId!: string | null;
  /** Of the networks that a server gets unasked, those with a lower number come first; those without any last. */
  @Int({ nullable: true }) readonly priority!: number | null;
  @Int() readonly usedAddresses!: number;
  @Flag() readonly deleted!: boolean;
  @Time() readonly createdAt!: Instant;
  @Time({ nullable: true }) readonly updatedAt!: Instant | null;
  @Time({ nullable: true }) readonly deletedAt!: Instant | null;
}
