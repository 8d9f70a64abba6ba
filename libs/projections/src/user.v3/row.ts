import type { Attributes, Instant } from '@cairn/domain';
import { Entity, Index } from 'typeorm';
import { Flag, Id, Json, Key, Text, Time } from '../columns';

/** A user as lists show it; gone with its deletion. Logins and tokens rest on the stream, not on this row. */
@Entity({ name: 'user_v3' })
@Index('user_v3_name', ['domainId', 'name'])
export class UserRow {
  @Key() readonly id!: string;
  @Id() readonly name!: string;
  @Id() readonly domainId!: string;
  @Text({ nullable: true }) readonly email!: string | null;
  @Text() readonly description!: string;
  @Flag() readonly enabled!: boolean;
  @Id({ nullable: true }) readonly defaultProjectId!: string | null;
  /** What clients say of the user in fields of their own. */
  @Json() readonly attributes!: Attributes;
  @Time() readonly createdAt!: Instant;
}
