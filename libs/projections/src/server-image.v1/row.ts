import { Entity, Index } from 'typeorm';
import { Id, Key } from '../columns';

/**
 * An image that a disk of a server lies over, or is about to, besides the images in the server's own row: the shelved image
 * that it came back from, and those of its rescue. Their data stay for as long, even if the images are deleted.
 */
@Entity({ name: 'server_image_v1' })
@Index('server_image_v1_server', ['serverId'])
export class ServerImageRow {
  /** The server's id and the use. */
  @Key() readonly id!: string;
  @Id() readonly serverId!: string;
  @Id() readonly imageId!: string;
}

export const IMAGE_USES = ['root', 'rescue', 'rescue-kernel', 'rescue-ramdisk'] as const;
export type ImageUse = (typeof IMAGE_USES)[number];

export const serverImageKey = (serverId: string, use: ImageUse): string => `${serverId}/${use}`;
