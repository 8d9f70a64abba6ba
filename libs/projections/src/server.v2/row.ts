import type { DiskBus, ExtraSpecs, GroupRef, Instant, VmState } from '@cairn/domain';
import { Entity, Index } from 'typeorm';
import { Flag, Id, Int, Json, Key, LogPosition, Text, Time } from '../columns';

/** A fixed address of a server, in the order in which its networks were asked for. */
export interface ServerAddress {
  /** Of the claim on the address; clients see it as the id of a port. */
  readonly id: string;
  readonly label: string;
  readonly networkId: string;
  readonly address: string;
  readonly mac: string;
  readonly version: 4;
  /** In a network that has IPv6 addresses. */
  readonly addressV6?: string;
  /** What its tenant calls an interface that came after the launch. Absent: nothing, or as `nicTags` says. */
  readonly tag?: string;
  /** The operation that takes it away. Absent: none. */
  readonly detaching?: string;
  /** Floating IPs that lead to it, in the order in which they were associated. Absent: none. */
  readonly floating?: readonly { readonly id: string; readonly address: string }[];
}

/** nova's power_state: 0 NOSTATE, 1 RUNNING, 3 PAUSED, 4 SHUTDOWN, 6 CRASHED, 7 SUSPENDED. */
export type PowerState = 0 | 1 | 3 | 4 | 6 | 7;

/**
 * A server as tenants see it, folded from its `instance-<id>` stream. Deleted servers stay, with vmState `deleted`,
 * for changes-since and for administrators.
 */
@Entity({ name: 'server_v2' })
@Index('server_v2_project', ['projectId', 'deleted', 'createdAt', 'id'])
@Index('server_v2_created', ['deleted', 'createdAt', 'id'])
@Index('server_v2_host', ['hostId', 'deleted'])
@Index('server_v2_updated', ['updatedAt'])
@Index('server_v2_terminated', ['terminatedAt'])
@Index('server_v2_number', ['number'])
export class ServerRow {
  /** The instance's id. */
  @Key() readonly id!: string;
  @Id() readonly projectId!: string;
  @Id() readonly userId!: string;
  /** The number behind `i-%08x` and `instance-%08x`. */
  @Int() readonly number!: number;
  @Text() readonly name!: string;
  @Text({ nullable: true }) readonly description!: string | null;
  @Text() readonly hostname!: string;

  @Id() readonly vmState!: VmState;
  /** nova's task_state, the same as the domain's `taskState` of the instance. */
  @Id({ nullable: true }) readonly taskState!: string | null;
  @Int() readonly powerState!: PowerState;
  @Flag() readonly deleted!: boolean;
  /** 0 while building for the first time, 100 from then on. */
  @Int() readonly progress!: number;

  @Id() readonly flavorId!: string;
  @Text() readonly flavorName!: string;
  @Int() readonly vcpus!: number;
  @Int() readonly ramMb!: number;
  @Int() readonly rootGb!: number;
  @Int() readonly ephemeralGb!: number;
  @Int() readonly swapMb!: number;
  @Json() readonly extraSpecs!: ExtraSpecs;
  @Id() readonly imageId!: string;
  @Id({ nullable: true }) readonly kernelId!: string | null;
  @Id({ nullable: true }) readonly ramdiskId!: string | null;
  @Text({ nullable: true }) readonly keyName!: string | null;
  @Text({ nullable: true }) readonly publicKey!: string | null;
  @Json() readonly metadata!: Readonly<Record<string, string>>;
  /** Sorted. Filters look into `server-tag.v1`. */
  @Json() readonly tags!: readonly string[];
  /** As they were named when the server was put into them. */
  @Json() readonly securityGroups!: readonly GroupRef[];
  /** Nothing is filtered, whatever its groups say. */
  @Flag() readonly unfiltered!: boolean;
  @Flag() readonly hasUserData!: boolean;
  @Flag() readonly hasConfigDrive!: boolean;
  /** As nova names it: `/dev/vda`. */
  @Id() readonly rootDevice!: string;
  /** The bus that the tenant chose for the root disk; null where the image does. */
  @Id({ nullable: true }) readonly rootBus!: DiskBus | null;
  /** True for OS-DCF:diskConfig AUTO, false for MANUAL. */
  @Flag() readonly autoDiskConfig!: boolean;
  /** At which the tenant says that the server is reached. */
  @Text({ nullable: true }) readonly accessIpV4!: string | null;
  @Text({ nullable: true }) readonly accessIpV6!: string | null;
  @Id() readonly reservationId!: string;
  @Int() readonly launchIndex!: number;
  /** The zone that the tenant asked for, or null. Where the server is follows from its host. */
  @Id({ nullable: true }) readonly availabilityZone!: string | null;

  /** Empty again once the server is deleted. */
  @Json() readonly addresses!: readonly ServerAddress[];
  /** The addresses of both families alone, between blanks (` 10.0.0.2 fd00::2 `), for filters; empty when there are none. */
  @Text() readonly fixedIps!: string;
  /** Networks asked for: the launch waits until it has an address in each. */
  @Int() readonly networkCount!: number;
  /** What the tenant calls the interfaces in them, by network. */
  @Json() readonly nicTags!: Readonly<Record<string, string>>;

  /** The host that was chosen (Cairn's id of it) and its name; null while there is none. */
  @Id({ nullable: true }) readonly hostId!: string | null;
  @Text({ nullable: true }) readonly hostName!: string | null;
  @Flag() readonly hostClaimed!: boolean;
  /** Grows with each change of what the host should make true, as the instance's generation does. */
  @Int() readonly generation!: number;

  @Id({ nullable: true }) readonly faultCode!: string | null;
  @Text({ nullable: true }) readonly faultMessage!: string | null;
  @Time({ nullable: true }) readonly faultAt!: Instant | null;

  @Flag() readonly locked!: boolean;
  @Text({ nullable: true }) readonly lockedReason!: string | null;

  @Time() readonly createdAt!: Instant;
  @Time() readonly updatedAt!: Instant;
  @Time({ nullable: true }) readonly launchedAt!: Instant | null;
  @Time({ nullable: true }) readonly terminatedAt!: Instant | null;
  @Time({ nullable: true }) readonly deletedAt!: Instant | null;
  /** Where the last event that changed this row stands in the log. */
  @LogPosition() readonly position!: string;
}
