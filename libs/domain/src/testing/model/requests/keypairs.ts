import fc from 'fast-check';
import { asked, name, few, USERS } from '../asked';
import { keyPairOf } from '../records';

export const keypairs = asked({
  category: 'keypairs',
  streams: USERS,
  requests: (user) => ({
    CreateKeyPair: fc.record({ name, limit: few }).map(({ name: given, limit }) => ({
      ...keyPairOf({ userId: user, name: given }),
      limit,
    })),
    DeleteKeyPair: name.map((given) => ({ name: given })),
  }),
});
