import type { AggregateHost, AggregateMetadata, Instant } from '@cairn/domain';
import { Entity } from 'typeorm';
import { Id, Int, Json, Key, Time } from '../columns';

/** A host aggregate; gone with its deletion. */
@Entity({ name: 'host_aggregate_v1' })
export class HostAggregateRow {
  /** The aggregate's number, as text. */
  @Key() readonly id!: string;
  @Int() readonly number!: number;
  @Id() readonly uuid!: string;
  @Id() readonly name!: string;
  @Json() readonly hosts!: readonly AggregateHost[];
  @Json() readonly metadata!: AggregateMetadata;
  @Time() readonly createdAt!: Instant;
  @Time({ nullable: true }) readonly updatedAt!: Instant | null;
}
