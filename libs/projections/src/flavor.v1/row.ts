import type { Instant } from '@cairn/domain';
import { Entity } from 'typeorm';
import { Flag, Id, Int, Key, Real, Time } from '../columns';

/** A flavor that can be launched now; gone with its deletion (servers keep what they were launched with). */
@Entity({ name: 'flavor_v1' })
export class FlavorRow {
  /** The flavor's id as clients know it (`1`, or a UUID). */
  @Key() readonly id!: string;
  @Id() readonly name!: string;
  @Int() readonly vcpus!: number;
  @Int() readonly ramMb!: number;
  @Int() readonly rootGb!: number;
  @Int() readonly ephemeralGb!: number;
  @Int() readonly swapMb!: number;
  @Real() readonly rxtxFactor!: number;
  @Flag() readonly isPublic!: boolean;
  @Time() readonly createdAt!: Instant;
}
