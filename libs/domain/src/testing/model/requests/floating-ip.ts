import fc from 'fast-check';
import { asked, nothing, PROJECTS } from '../asked';
import { floatingIpOf, uuid } from '../records';

const target = fc.constantFrom(1, 2).map((n) => ({
  holder: { category: 'instance', id: uuid(n) },
  portId: uuid(70 + n),
  networkId: uuid(21),
  fixedAddress: `10.0.0.${String(n + 1)}`,
}));

export const floatingip = asked({
  category: 'floatingip',
  streams: ['f1', 'f2'],
  requests: (floatingIpId) => ({
    AllocateFloatingIp: fc
      .record({ projectId: fc.constantFrom(...PROJECTS), interface: fc.constantFrom(null, 'eth1') })
      .map((over) => floatingIpOf({ floatingIpId, ...over })),
    AbandonCreation: fc.constant({ id: floatingIpId }),
    AssignFloatingIp: target.map((one) => ({ record: floatingIpOf({ floatingIpId }), target: one })),
    AssociateFloatingIp: target,
    DisassociateFloatingIp: fc.constantFrom(null, { category: 'instance', id: uuid(1) }).map((holder) => ({ holder })),
    ReleaseFloatingIp: nothing,
  }),
});
