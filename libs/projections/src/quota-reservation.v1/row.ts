import type { Amounts } from '@cairn/domain';
import { Entity, Index } from 'typeorm';
import { Id, Json, Key } from '../columns';

/** What one owner (a server, a volume, ...) counts for in its project's quota, until it is released. */
@Entity({ name: 'quota_reservation_v1' })
@Index('quota_reservation_v1_project', ['projectId'])
export class QuotaReservationRow {
  /** The name of the owner's stream. */
  @Key() readonly id!: string;
  @Id() readonly projectId!: string;
  @Json() readonly amounts!: Amounts;
}
