import { Entity, Index } from 'typeorm';
import { Id, Int, Key } from '../columns';

/** What one server counts for in its project's quota, until it is released. */
@Entity({ name: 'quota_item_v1' })
@Index('quota_item_v1_project', ['projectId'])
export class QuotaItemRow {
  /** The instance's id. */
  @Key() readonly id!: string;
  @Id() readonly projectId!: string;
  @Int() readonly cores!: number;
  @Int() readonly ramMb!: number;
}
