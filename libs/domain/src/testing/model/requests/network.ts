import fc from 'fast-check';
import { asked, nothing } from '../asked';
import { networkSpecOf } from '../records';

export const network = asked({
  category: 'network',
  streams: [],
  requests: (networkId) => ({
    CreateNetwork: fc.constantFrom('10.0.0.1', '10.0.0.3').map((gateway) => ({
      ...networkSpecOf({ networkId, gateway, cidr: '10.0.0.0/29' }),
      rangeStart: null,
      rangeEnd: null,
    })),
    DeleteNetwork: nothing,
  }),
});
