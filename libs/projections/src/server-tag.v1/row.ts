import { Entity, Index } from 'typeorm';
import { Id, Key } from '../columns';

/** A tag that a server has. Lists of servers are filtered by these rows, which an index finds by their tag. */
@Entity({ name: 'server_tag_v1' })
@Index('server_tag_v1_tag', ['tag', 'serverId'])
@Index('server_tag_v1_server', ['serverId'])
export class ServerTagRow {
  /** The server's id and the tag, which holds no slash. */
  @Key() readonly id!: string;
  @Id() readonly serverId!: string;
  @Id() readonly tag!: string;
}

export const serverTagKey = (serverId: string, tag: string): string => `${serverId}/${tag}`;
