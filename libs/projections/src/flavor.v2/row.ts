import type { ExtraSpecs, Instant } from '@cairn/domain';
import { Entity } from 'typeorm';
import { Flag, Id, Int, Json, Key, Real, Text, Time } from '../columns';

/** A flavor that can be launched now; gone with its deletion (servers keep what they were launched with). */
@Entity({ name: 'flavor_v2' })
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
  @Text({ nullable: true }) readonly description!: string | null;
  @Json() readonly extraSpecs!: ExtraSpecs;
  /** The projects that may use it although it is not public. */
  @Json() readonly access!: readonly string[];
  @Time() readonly createdAt!: Instant;
}
