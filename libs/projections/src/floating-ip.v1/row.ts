import type { Instant } from '@cairn/domain';
import { Entity, Index } from 'typeorm';
import { Id, Int, Key, Time } from '../columns';

/** A floating IP of a project; gone when the project gives it back. */
@Entity({ name: 'floating_ip_v1' })
@Index('floating_ip_v1_project', ['projectId', 'number', 'id'])
@Index('floating_ip_v1_address', ['address'])
@Index('floating_ip_v1_number', ['number', 'id'])
export class FloatingIpRow {
  @Key() readonly id!: string;
  @Int() readonly number!: number;
  @Id() readonly projectId!: string;
  @Id() readonly poolId!: string;
  @Id() readonly poolName!: string;
  @Id() readonly address!: string;
  @Id({ nullable: true }) readonly interface!: string | null;
  /** What it leads to; null for nothing. */
  @Id({ nullable: true }) readonly instanceId!: string | null;
  @Id({ nullable: true }) readonly portId!: string | null;
  @Id({ nullable: true }) readonly networkId!: string | null;
  @Id({ nullable: true }) readonly fixedAddress!: string | null;
  /** The host that is to carry it. */
  @Id({ nullable: true }) readonly hostId!: string | null;
  @Time() readonly createdAt!: Instant;
}
