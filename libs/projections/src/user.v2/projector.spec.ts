import type { DomainEvent } from '@cairn/domain';
import { RevokedTokenRow } from '../revoked-token.v1/row';
import { at, rowsAfter, timeline } from '../testing/timeline';
import { UserRow } from './row';

const hash = (ciphertext: string): { keyId: string; ciphertext: string } => ({ keyId: 'k', ciphertext });
const created: DomainEvent = {
  type: 'user.created.v1',
  data: {
    userId: 'u1',
    name: 'ada',
    domainId: 'default',
    email: null,
    description: '',
    enabled: true,
    defaultProjectId: null,
    passwordHash: hash('one'),
  },
};
const revoked = (tokenId: string, expiresAt: string): DomainEvent => ({
  type: 'user.token-revoked.v1',
  data: { tokenId, expiresAt },
});

const model = (batchSize: number, ...events: readonly DomainEvent[]): ReturnType<typeof rowsAfter> =>
  rowsAfter(timeline(...events.map((event) => ['user-u1', event] as const)), batchSize);

describe('users.v2', () => {
  it('shows a user until the user is deleted', async () => {
    expect((await model(9, created)).get(UserRow, 'u1')).toMatchObject({ name: 'ada', tokensValidFrom: null });
    const deleted: DomainEvent = { type: 'user.deleted.v1', data: { userId: 'u1' } };
    expect((await model(9, created, deleted)).get(UserRow, 'u1')).toBeUndefined();
  });

  it('shows what clients say of the user themselves', async () => {
    expect((await model(9, created)).get(UserRow, 'u1')).toMatchObject({ attributes: {} });
    const updated: DomainEvent = { type: 'user.updated.v1', data: { attributes: { colour: 'blue' } } };
    expect((await model(9, created, updated)).get(UserRow, 'u1')).toMatchObject({ attributes: { colour: 'blue' } });
  });

  it('keeps the new hash, sealed, and since when tokens are good after a change of password', async () => {
    const changed: DomainEvent = { type: 'user.password-changed.v1', data: { passwordHash: hash('two') } };
    const updated: DomainEvent = { type: 'user.updated.v1', data: { email: 'ada@example.org' } };
    const row = (await model(9, created, changed, updated)).get(UserRow, 'u1');
    expect(row).toMatchObject({ passwordHash: hash('two'), tokensValidFrom: at(2), email: 'ada@example.org' });
  });
});

describe.each([1, 100])('revoked-tokens.v1, %d events at a time', (size) => {
  it('remembers a token until it has expired by itself and another is revoked', async () => {
    const events = [created, revoked('old', at(3)), revoked('long', at(500)), revoked('new', at(600))];
    expect((await model(size, ...events.slice(0, 3))).all(RevokedTokenRow)).toHaveLength(2);
    const left = (await model(size, ...events)).all(RevokedTokenRow);
    expect(left).toEqual([
      { id: 'long', userId: 'u1', expiresAt: at(500) },
      { id: 'new', userId: 'u1', expiresAt: at(600) },
    ]);
  });
});
