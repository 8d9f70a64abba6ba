import type { Instant, Visibility } from '@cairn/domain';
import { Entity, Index } from 'typeorm';
import { Flag, Id, Int, Json, Key, LogPosition, Size, Text, Time } from '../columns';

/** An image as Glance shows it. Deleted images stay, with status `deleted`, because servers refer to them. */
@Entity({ name: 'image_v1' })
@Index('image_v1_project', ['projectId', 'status', 'createdAt', 'id'])
@Index('image_v1_visibility', ['visibility', 'status', 'createdAt', 'id'])
export class ImageRow {
  @Key() readonly id!: string;
  @Id() readonly projectId!: string;
  @Text({ nullable: true }) readonly name!: string | null;
  @Id() readonly visibility!: Visibility;
  @Id() readonly status!: 'queued' | 'saving' | 'active' | 'deleted';
  @Id({ nullable: true }) readonly diskFormat!: string | null;
  @Id({ nullable: true }) readonly containerFormat!: string | null;
  @Int() readonly minDiskGb!: number;
  @Int() readonly minRamMb!: number;
  @Flag() readonly protected!: boolean;
  @Json() readonly tags!: readonly string[];
  @Json() readonly properties!: Readonly<Record<string, string>>;
  @Size({ nullable: true }) readonly sizeBytes!: number | null;
  @Id({ nullable: true }) readonly sha256!: string | null;
  @Id({ nullable: true }) readonly sha512!: string | null;
  @Id({ nullable: true }) readonly md5!: string | null;
  @Time() readonly createdAt!: Instant;
  @Time() readonly updatedAt!: Instant;
  @Time({ nullable: true }) readonly deletedAt!: Instant | null;
  @LogPosition() readonly position!: string;
}
