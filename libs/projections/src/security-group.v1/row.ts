import type { Direction, Ethertype, Instant } from '@cairn/domain';
import { Entity, Index } from 'typeorm';
import { Flag, Id, Int, Key, Text, Time } from '../columns';

/** A security group; gone with its deletion. */
@Entity({ name: 'security_group_v1' })
@Index('security_group_v1_project', ['projectId', 'name'])
@Index('security_group_v1_number', ['number'])
export class SecurityGroupRow {
  /** The group's id. */
  @Key() readonly id!: string;
  /** Nova's integer id. */
  @Int() readonly number!: number;
  @Id() readonly projectId!: string;
  @Id() readonly name!: string;
  @Text() readonly description!: string;
  /** The group of servers that name none. */
  @Flag() readonly isDefault!: boolean;
  @Time() readonly createdAt!: Instant;
}

/** A rule of a security group; gone with the rule, or with the group. */
@Entity({ name: 'security_group_rule_v1' })
@Index('security_group_rule_v1_group', ['groupId', 'id'])
@Index('security_group_rule_v1_number', ['number'])
export class SecurityGroupRuleRow {
  /** The rule's id. */
  @Key() readonly id!: string;
  /** Nova's integer id; null for rules that its API does not show. */
  @Int({ nullable: true }) readonly number!: number | null;
  @Id() readonly groupId!: string;
  @Id() readonly projectId!: string;
  @Id() readonly direction!: Direction;
  @Id() readonly ethertype!: Ethertype;
  /** A name or a number; null for any. */
  @Id({ nullable: true }) readonly protocol!: string | null;
  /** First and last port, or type and code of ICMP; null for any. */
  @Int({ nullable: true }) readonly fromPort!: number | null;
  @Int({ nullable: true }) readonly toPort!: number | null;
  /** The other side: a block of addresses, or the members of a group, or (both null) anybody. */
  @Id({ nullable: true }) readonly cidr!: string | null;
  @Id({ nullable: true }) readonly remoteGroupId!: string | null;
  @Time() readonly createdAt!: Instant;
}
