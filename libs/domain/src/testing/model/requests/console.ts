import fc from 'fast-check';
import { asked, few } from '../asked';
import { FAR } from '../records';

const tokenHash = few.map(String);
const connectionId = few.map((n) => `connection-${String(n)}`);

export const console = asked({
  category: 'console',
  streams: ['server-1'],
  requests: () => ({
    AuthorizeConsole: fc.record({
      tokenHash,
      kind: fc.constantFrom('vnc', 'serial'),
      hostId: few.map((n) => `host-${String(n)}`),
      holder: fc.record({
        userId: fc.constantFrom('u1', 'u2'),
        projectId: fc.constantFrom('p1', null),
        tokenId: fc.constant('t1'),
        userEpoch: few,
        projectEpoch: few,
      }),
      expiresAt: fc.constant(FAR),
    }),
    OpenConsole: fc.record({ tokenHash, connectionId }),
    CloseConsole: fc.record({ connectionId, reason: fc.constantFrom('client', 'guest') }),
  }),
});
