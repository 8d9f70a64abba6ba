import type { Instant } from '@cairn/domain';
import { Entity, Index } from 'typeorm';
import { Id, Key, Text, Time } from '../columns';

/** A key pair of a user; gone with its deletion. */
@Entity({ name: 'keypair_v1' })
@Index('keypair_v1_user', ['userId', 'name'])
export class KeypairRow {
  /** `<user id>/<name>`: see `keypairKey`. */
  @Key() readonly id!: string;
  @Id() readonly userId!: string;
  @Id() readonly name!: string;
  @Id() readonly keyType!: 'ssh' | 'x509';
  @Text() readonly publicKey!: string;
  @Id() readonly fingerprint!: string;
  @Time() readonly createdAt!: Instant;
}

export const keypairKey = (userId: string, name: string): string => `${userId}/${name}`;
