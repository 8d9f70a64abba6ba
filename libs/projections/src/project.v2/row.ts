import type { Attributes, Instant } from '@cairn/domain';
import { Entity, Index } from 'typeorm';
import { Flag, Id, Json, Key, Text, Time } from '../columns';

/** A project; gone with its deletion. */
@Entity({ name: 'project_v2' })
@Index('project_v2_name', ['domainId', 'name'])
export class ProjectRow {
  @Key() readonly id!: string;
  @Id() readonly name!: string;
  @Id() readonly domainId!: string;
  @Text() readonly description!: string;
  @Flag() readonly enabled!: boolean;
  @Json() readonly tags!: readonly string[];
  /** What clients say of the project in fields of their own. */
  @Json() readonly attributes!: Attributes;
  @Time() readonly createdAt!: Instant;
}
