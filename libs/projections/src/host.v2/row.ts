import type { Instant, Inventory } from '@cairn/domain';
import { Entity, Index } from 'typeorm';
import { Flag, Id, Int, Json, Key, LogPosition, Text, Time } from '../columns';

/** A host as service, as hypervisor and as what the scheduler chooses from. */
@Entity({ name: 'host_v2' })
@Index('host_v2_name', ['name'])
@Index('host_v2_number', ['number'])
export class HostRow {
  @Key() readonly id!: string;
  @Id() readonly name!: string;
  /** Integer id of the compute service and of the hypervisor. */
  @Int() readonly number!: number;
  @Id() readonly availabilityZone!: string;
  @Flag() readonly enabled!: boolean;
  @Text({ nullable: true }) readonly disabledReason!: string | null;
  @Flag() readonly up!: boolean;
  /** An administrator has stated that the host is down. */
  @Flag() readonly forcedDown!: boolean;
  /** When it was last heard of before it went down; null while up or never. */
  @Time({ nullable: true }) readonly lastSeenAt!: Instant | null;
  @Id({ nullable: true }) readonly bootId!: string | null;
  /** When its agent last started. */
  @Time({ nullable: true }) readonly startedAt!: Instant | null;

  /** What the host has, as its agent found it; null until that started for the first time. */
  @Text({ nullable: true }) readonly hostname!: string | null;
  @Id({ nullable: true }) readonly hostIp!: string | null;
  @Int({ nullable: true }) readonly vcpus!: number | null;
  @Int({ nullable: true }) readonly ramMb!: number | null;
  @Int({ nullable: true }) readonly diskGb!: number | null;
  @Id({ nullable: true }) readonly hypervisorType!: Inventory['hypervisorType'] | null;
  @Int({ nullable: true }) readonly hypervisorVersion!: number | null;
  @Id({ nullable: true }) readonly virtType!: Inventory['virtType'] | null;
  @Json({ nullable: true }) readonly cpu!: Inventory['cpu'] | null;
  /** Also null for a host of a release that does not tell. */
  @Json({ nullable: true }) readonly capabilities!: readonly string[] | null;

  /** Claimed amounts, and the number of instances. */
  @Int() readonly usedVcpus!: number;
  @Int() readonly usedRamMb!: number;
  @Int() readonly usedDiskGb!: number;
  @Int() readonly runningVms!: number;

  @Time() readonly enrolledAt!: Instant;
  /** When enabled, up, inventory or reason last changed (nova's updated_at of a service). */
  @Time() readonly updatedAt!: Instant;
  @LogPosition() readonly position!: string;
}
