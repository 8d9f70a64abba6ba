import fc from 'fast-check';
import { asked, name, few, nothing } from '../asked';
import { FAR } from '../records';

export const enrolment = asked({
  category: 'enrolment',
  streams: [],
  requests: (hostId) => ({
    IssueToken: fc.record({
      enrolmentId: few.map((n) => `enrolment-${String(n)}`),
      tokenHash: few.map(String),
      expiresAt: fc.constant(FAR),
      hostId: fc.constant(hostId),
      name,
    }),
    JoinHost: fc.record({ tokenHash: few.map(String), certificate: few.map(String) }),
    RevokeHost: nothing,
  }),
});
