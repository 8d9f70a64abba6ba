import fc from 'fast-check';
import { asked } from '../asked';

const range = fc
  .record({ first: fc.integer({ min: 1, max: 9 }), more: fc.integer({ min: 0, max: 5 }) })
  .map(({ first, more }) => ({ first: `203.0.113.${String(first)}`, last: `203.0.113.${String(first + more)}` }));
const owner = fc.constantFrom('f1', 'f2').map((id) => ({ category: 'floatingip', id }));
const owned = owner.map((one) => ({ owner: one }));

export const floatingpool = asked({
  category: 'floatingpool',
  streams: ['e1', 'e2'],
  requests: (poolId) => ({
    AddFloatingRange: fc
      .record({ range, interface: fc.constantFrom(null, 'eth1') })
      .map(({ range: bounds, ...rest }) => ({ poolId, name: `pool ${poolId}`, ...bounds, ...rest })),
    RemoveFloatingRange: range,
    ReserveFloatingAddress: fc.record({ owner, address: fc.constantFrom(null, '203.0.113.3') }),
    ConfirmFloatingAddress: owned,
    ReleaseFloatingAddress: owned,
  }),
});
