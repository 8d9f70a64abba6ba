import fc from 'fast-check';
import { asked, PROJECTS } from '../asked';

export const quota = asked({
  category: 'quota',
  streams: PROJECTS,
  requests: () => ({
    SetUserQuotaLimits: fc.record({
      userId: fc.constantFrom('u1', 'u2'),
      limits: fc.record({ cores: fc.constantFrom(null, -1, 0, 4), instances: fc.constantFrom(null, 2) }),
      force: fc.boolean(),
    }),
    SetQuotaLimits: fc.record({
      limits: fc.record(
        { cores: fc.constantFrom(null, -1, 0, 8), instances: fc.constantFrom(null, 3) },
        { requiredKeys: [] },
      ),
      force: fc.boolean(),
    }),
  }),
});
