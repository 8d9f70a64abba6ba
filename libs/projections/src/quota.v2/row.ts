import type { Amounts } from '@cairn/domain';
import { Entity } from 'typeorm';
import { Json, Key } from '../columns';

/** What differs from the default limits in a project, and what is in use. A project without a row has neither. */
@Entity({ name: 'quota_v2' })
export class QuotaRow {
  /** The project's id. */
  @Key() readonly id!: string;
  /** Limits by resource name. */
  @Json() readonly overrides!: Amounts;
  /** What is in use by resource name; what is not in use is left out. */
  @Json() readonly usage!: Amounts;
}
