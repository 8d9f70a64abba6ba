import fc from 'fast-check';
import { asked, nothing, PROJECTS } from '../asked';
import { networkSpecOf } from '../records';

/** Made by a tenant. */
const OF_A_TENANT = PROJECTS.map((projectId) => ({ projectId, countsFor: projectId }));

const address = fc.constantFrom('10.0.0.2', '10.0.0.4', '10.0.0.5').map((text) => ({ address: text }));

const ipv6 = { cidr: 'fd00::/64', gateway: 'fd00::1', dns: [] };

export const network = asked({
  category: 'network',
  streams: ['n1', 'n2'],
  requests: (networkId) => ({
    CreateNetwork: fc
      .record({
        gateway: fc.constantFrom('10.0.0.1', '10.0.0.3'),
        kind: fc.constantFrom({}, { gatewayHosts: 'one' }, { ipv6 }),
        tenancy: fc.constantFrom({}, ...OF_A_TENANT),
      })
      .map(({ gateway, kind, tenancy }) => ({
        ...networkSpecOf({ networkId, gateway, cidr: '10.0.0.0/29', ...kind }),
        ...tenancy,
        rangeStart: null,
        rangeEnd: null,
      })),
    MoveGateway: fc.constantFrom('h1', 'h2', null).map((hostId) => ({ hostId })),
    AbandonCreation: fc.constant({ id: networkId }),
    DeleteNetwork: nothing,
    AssociateNetwork: fc.constantFrom(...PROJECTS).map((projectId) => ({ projectId })),
    DisassociateNetwork: nothing,
    ReserveNetworkAddress: address,
    UnreserveNetworkAddress: address,
  }),
});
