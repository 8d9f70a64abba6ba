import type { KeyPairsEvent } from '@cairn/domain';
import type { Projection } from '../projection';
import { keypairKey, KeypairRow } from './row';

export const keypairRows: Projection<KeypairRow, KeyPairsEvent> = {
  name: 'keypairs.v1',
  group: 'identity',
  version: 1,
  entity: KeypairRow,
  owner: { category: 'keypairs', column: 'userId' },
  types: { 'keypair.created.v1': true, 'keypair.deleted.v1': true },
  keys: ({ data }) => [keypairKey(data.userId, data.name)],
  apply(_row, event, key) {
    if (event.type === 'keypair.deleted.v1') return null;
    const { userId, name, keyType, publicKey, fingerprint } = event.data;
    return { id: key, userId, name, keyType, publicKey, fingerprint, createdAt: event.at };
  },
};
