import type { Instant } from '@cairn/domain';
import { Entity, Index } from 'typeorm';
import { Id, Int, Key, Text, Time } from '../columns';

/** nova's words for how far a move is, as far as a resize or cold migration has them. */
export type MigrationStatus =
  'pre-migrating' | 'migrating' | 'post-migrating' | 'finished' | 'reverting' | 'confirmed' | 'reverted' | 'error';

/** A resize or cold migration of a server, from its request to its confirmation, reversion or failure. It stays for ever. */
@Entity({ name: 'migration_v1' })
@Index('migration_v1_created', ['createdAt', 'number', 'id'])
@Index('migration_v1_number', ['number'])
@Index('migration_v1_instance', ['instanceId'])
export class MigrationRow {
  /** The operation's id, nova's UUID of the migration. */
  @Key() readonly id!: string;
  /** nova's id of it. */
  @Int() readonly number!: number;
  @Id() readonly instanceId!: string;
  @Id() readonly type!: 'resize' | 'migration';
  @Id() readonly status!: MigrationStatus;
  @Text({ nullable: true }) readonly sourceHost!: string | null;
  /** Null until a host is chosen, and after it could not take the server. */
  @Text({ nullable: true }) readonly destHost!: string | null;
  @Id() readonly oldFlavorId!: string;
  @Id() readonly newFlavorId!: string;
  /** Who asked for it, and for which project; of old logs, whose server it is. */
  @Id() readonly userId!: string;
  @Id({ nullable: true }) readonly projectId!: string | null;
  @Time() readonly createdAt!: Instant;
  @Time({ nullable: true }) readonly updatedAt!: Instant | null;
}
