import type { Amounts } from '@cairn/domain';
import { Entity } from 'typeorm';
import { Json, Key } from '../columns';

/** The limits of a project that differ from the defaults, and its usage. A project without a row has neither. */
@Entity({ name: 'quota_v2' })
export class QuotaRow {
  /** The project's id. */
  @Key() readonly id!: string;
  /** Limits by resource name. */
  @Json() readonly overrides!: Amounts;
  /** Usage by resource name; unused resources are left out. */
  @Json() readonly usage!: Amounts;
}
