import type { DomainEvent } from '@cairn/domain';
import { at, rowsAfter, timeline } from '../testing/timeline';
import { keypairKey, KeypairRow } from './row';

const pair = (name: string): DomainEvent => ({
  type: 'keypair.created.v1',
  data: { userId: 'u1', name, keyType: 'ssh', publicKey: 'ssh-ed25519 AAAA', fingerprint: 'aa:bb' },
});

describe('keypairs.v1', () => {
  it('shows the pairs of a user, and no longer those that were deleted', async () => {
    const deleted: DomainEvent = { type: 'keypair.deleted.v1', data: { userId: 'u1', name: 'a' } };
    const events = [pair('a'), pair('b'), deleted].map((event) => ['keypairs-u1', event] as const);
    const model = await rowsAfter(timeline(...events));
    expect(model.all(KeypairRow)).toEqual([
      {
        id: keypairKey('u1', 'b'),
        userId: 'u1',
        name: 'b',
        keyType: 'ssh',
        publicKey: 'ssh-ed25519 AAAA',
        fingerprint: 'aa:bb',
        createdAt: at(2),
      },
    ]);
  });
});
