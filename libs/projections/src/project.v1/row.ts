import type { Instant } from '@cairn/domain';
import { Entity, Index } from 'typeorm';
import { Flag, Id, Key, Text, Time } from '../columns';

/** A project; gone with its deletion. */
@Entity({ name: 'project_v1' })
@Index('project_v1_name', ['domainId', 'name'])
export class ProjectRow {
  @Key() readonly id!: string;
  @Id() readonly name!: string;
  @Id() readonly domainId!: string;
  @Text() readonly description!: string;
  @Flag() readonly enabled!: boolean;
  @Time() readonly createdAt!: Instant;
}
