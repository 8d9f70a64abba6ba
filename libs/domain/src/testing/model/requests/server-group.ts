import fc from 'fast-check';
import { SERVER_GROUP_POLICIES } from '../../../server-group';
import { asked, name, nothing } from '../asked';
import { serverGroupOf } from '../records';

export const servergroup = asked({
  category: 'servergroup',
  streams: ['g1', 'g2'],
  requests: (groupId) => ({
    CreateServerGroup: fc
      .record(
        { name, policy: fc.constantFrom(...SERVER_GROUP_POLICIES), maxPerHost: fc.integer({ min: 1, max: 2 }) },
        { requiredKeys: ['name', 'policy'] },
      )
      .map((over) => serverGroupOf({ groupId, ...over })),
    DeleteServerGroup: nothing,
    AbandonCreation: fc.constant({ id: groupId }),
  }),
});
