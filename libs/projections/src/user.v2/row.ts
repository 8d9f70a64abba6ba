import type { Attributes, Instant, Sealed } from '@cairn/domain';
import { Entity, Index } from 'typeorm';
import { Flag, Id, Json, Key, Text, Time } from '../columns';

/** A user; gone with its deletion. */
@Entity({ name: 'user_v2' })
@Index('user_v2_name', ['domainId', 'name'])
export class UserRow {
  @Key() readonly id!: string;
  @Id() readonly name!: string;
  @Id() readonly domainId!: string;
  @Text({ nullable: true }) readonly email!: string | null;
  @Text() readonly description!: string;
  @Flag() readonly enabled!: boolean;
  @Id({ nullable: true }) readonly defaultProjectId!: string | null;
  /** Sealed as in the log; null: no login by password. */
  @Json({ nullable: true }) readonly passwordHash!: Sealed | null;
  /** What clients say of the user in fields of their own. */
  @Json() readonly attributes!: Attributes;
  /** Tokens issued before this moment are refused; null: none are. */
  @Time({ nullable: true }) readonly tokensValidFrom!: Instant | null;
  @Time() readonly createdAt!: Instant;
}
