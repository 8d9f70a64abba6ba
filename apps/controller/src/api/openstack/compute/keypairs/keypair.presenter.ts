import { createHash } from 'node:crypto';
import type { KeyPair } from '@cairn/domain';
import type { KeypairRow } from '@cairn/projections';
import { micros } from '../shared/timestamps';

const typed = (keyType: string, minor: number): Record<string, unknown> => (minor >= 2 ? { type: keyType } : {});

/** As a list shows it. */
export const presentKeypairBrief = (row: KeypairRow, minor: number): unknown => ({
  keypair: { name: row.name, public_key: row.publicKey, fingerprint: row.fingerprint, ...typed(row.keyType, minor) },
});

/** nova shows the number of the database's row, which means nothing: here it follows from the key pair's own key. */
const numberOf = (key: string): number => createHash('sha256').update(key).digest().readUInt32BE(0) >>> 1;

/** As a single one is shown. */
export const presentKeypair = (row: KeypairRow, minor: number): unknown => ({
  keypair: {
    id: numberOf(row.id),
    name: row.name,
    user_id: row.userId,
    public_key: row.publicKey,
    fingerprint: row.fingerprint,
    created_at: micros(row.createdAt),
    deleted: false,
    deleted_at: null,
    updated_at: null,
    ...typed(row.keyType, minor),
  },
});

/** To its creator, with the private key when it was made here: the only time that anyone sees it. */
export const presentCreatedKeypair = (keyPair: KeyPair, privateKey: string | null, minor: number): unknown => ({
  keypair: {
    name: keyPair.name,
    user_id: keyPair.userId,
    public_key: keyPair.publicKey,
    fingerprint: keyPair.fingerprint,
    ...(privateKey === null ? {} : { private_key: privateKey }),
    ...typed(keyPair.keyType, minor),
  },
});
