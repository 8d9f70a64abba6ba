import type { Instant } from '@cairn/domain';
import { Entity, Index } from 'typeorm';
import { Id, Key, Time } from '../columns';

/** A token that is no longer good although it has not expired. */
@Entity({ name: 'revoked_token_v1' })
@Index('revoked_token_v1_user', ['userId'])
export class RevokedTokenRow {
  /** The token's id. */
  @Key() readonly id!: string;
  @Id() readonly userId!: string;
  @Time() readonly expiresAt!: Instant;
}
