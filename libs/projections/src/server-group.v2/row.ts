import type { Instant, ServerGroupPolicy } from '@cairn/domain';
import { Entity, Index } from 'typeorm';
import { Id, Int, Key, Time } from '../columns';

/** A server group; gone with its deletion. */
@Entity({ name: 'server_group_v2' })
@Index('server_group_v2_project', ['projectId', 'createdAt', 'id'])
@Index('server_group_v2_created', ['createdAt', 'id'])
export class ServerGroupRow {
  /** The group's id. */
  @Key() readonly id!: string;
  @Id() readonly projectId!: string;
  @Id() readonly userId!: string;
  @Id() readonly name!: string;
  @Id() readonly policy!: ServerGroupPolicy;
  /** How many of its servers may be on one host, of a group that keeps them apart; null for one. */
  @Int({ nullable: true }) readonly maxPerHost!: number | null;
  @Time() readonly createdAt!: Instant;
}

/** A server that was launched as a member of a group; gone with the server's deletion. */
@Entity({ name: 'server_group_member_v1' })
@Index('server_group_member_v1_group', ['groupId', 'joinedAt', 'id'])
export class ServerGroupMemberRow {
  /** The instance's id. */
  @Key() readonly id!: string;
  @Id() readonly groupId!: string;
  /** Who launched it. */
  @Id() readonly userId!: string;
  @Time() readonly joinedAt!: Instant;
}
