import fc from 'fast-check';
import { asked, name, text, attributes, few, nothing, USERS } from '../asked';
import { userOf, FAR } from '../records';

export const user = asked({
  category: 'user',
  streams: USERS,
  requests: (id) => ({
    CreateUser: name.map((given) => userOf({ userId: id, name: given })),
    UpdateUser: fc.record({ email: text, enabled: fc.boolean(), attributes }, { requiredKeys: [] }),
    ChangePassword: few.chain((n) => {
      const passwordHash = { keyId: 'k', ciphertext: String(n) };
      return fc.constantFrom({ passwordHash }, { passwordHash, epoch: 0 }, { passwordHash, epoch: n });
    }),
    RevokeToken: fc
      .record({ n: few, expiresAt: fc.constantFrom('2026-01-01T00:05:00.000Z', FAR) })
      .map(({ n, expiresAt }) => ({ tokenId: `t${String(n)}-${id}`, expiresAt })),
    DeleteUser: nothing,
    AbandonCreation: fc.constant({ id }),
  }),
});
