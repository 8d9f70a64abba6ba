import type { Instant } from '@cairn/domain';
import { Entity, Index } from 'typeorm';
import { Id, Int, Key, Time } from '../columns';

/** Capacity that an instance has claimed on a host; gone when it is released. */
@Entity({ name: 'host_claim_v1' })
@Index('host_claim_v1_host', ['hostId'])
export class HostClaimRow {
  /** The claim's id. */
  @Key() readonly id!: string;
  @Id() readonly hostId!: string;
  @Id() readonly instanceId!: string;
  @Id() readonly projectId!: string;
  @Int() readonly vcpus!: number;
  @Int() readonly ramMb!: number;
  @Int() readonly diskGb!: number;
  @Time() readonly claimedAt!: Instant;
}
