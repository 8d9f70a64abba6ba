import type { DomainEvent } from '@cairn/domain';
import { rowsAfter, timeline } from '../testing/timeline';
import { UserRow } from './row';

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
    passwordHash: { keyId: 'k', ciphertext: 'one' },
  },
};
const model = (batchSize: number, ...events: readonly DomainEvent[]): ReturnType<typeof rowsAfter> =>
  rowsAfter(timeline(...events.map((event) => ['user-u1', event] as const)), batchSize);

describe('users.v3', () => {
  it('shows a user until the user is deleted', async () => {
    expect((await model(9, created)).get(UserRow, 'u1')).toMatchObject({ name: 'ada' });
    const deleted: DomainEvent = { type: 'user.deleted.v1', data: { userId: 'u1' } };
    expect((await model(9, created, deleted)).get(UserRow, 'u1')).toBeUndefined();
  });

  it('shows what clients say of the user themselves', async () => {
    expect((await model(9, created)).get(UserRow, 'u1')).toMatchObject({ attributes: {} });
    const updated: DomainEvent = { type: 'user.updated.v1', data: { attributes: { colour: 'blue' } } };
    expect((await model(9, created, updated)).get(UserRow, 'u1')).toMatchObject({ attributes: { colour: 'blue' } });
  });

  it('does not hold what only logins need', async () => {
    expect((await model(9, created)).get(UserRow, 'u1')).not.toHaveProperty('passwordHash');
  });
});
