import fc from 'fast-check';
import { asked, name } from '../asked';

export const registry = asked({
  category: 'registry',
  streams: [],
  requests: () => ({
    AllocateNumbers: fc.array(name, { maxLength: 3 }).map((ownerIds) => ({ ownerIds })),
    ClaimName: fc.record({ name, ownerId: name, ownerCategory: fc.constant('user') }),
    ConfirmName: fc.record({ name, ownerId: name }),
    ReleaseName: fc.record({ name, ownerId: name }),
  }),
});
