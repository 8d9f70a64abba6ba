import type { Amounts } from '@cairn/domain';
import { Entity } from 'typeorm';
import { Int, Json, Key, Size } from '../columns';

/** What differs from the default limits in a project, and what is in use. A project without a row has neither. */
@Entity({ name: 'quota_v1' })
export class QuotaRow {
  /** The project's id. */
  @Key() readonly id!: string;
  /** By the names of their resources. */
  @Json() readonly overrides!: Amounts;
  @Int() readonly instances!: number;
  @Int() readonly cores!: number;
  @Size() readonly ramMb!: number;
}
