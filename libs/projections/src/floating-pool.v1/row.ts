import type { FloatingRange, Instant } from '@cairn/domain';
import { Entity, Index } from 'typeorm';
import { Id, Json, Key, Time } from '../columns';

/** An external network with the addresses that projects may get. */
@Entity({ name: 'floating_pool_v1' })
@Index('floating_pool_v1_name', ['name'])
export class FloatingPoolRow {
  @Key() readonly id!: string;
  @Id() readonly name!: string;
  /** In the order in which they were added; none left: the pool is not listed. */
  @Json() readonly ranges!: readonly FloatingRange[];
  @Time() readonly createdAt!: Instant;
}
