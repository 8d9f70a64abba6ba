import fc from 'fast-check';
import { asked, name, few, nothing } from '../asked';
import { flavorOf } from '../records';

export const flavor = asked({
  category: 'flavor',
  streams: ['1', '2', '3', '4', '5'],
  requests: (id) => ({
    CreateFlavor: fc.record({ name, vcpus: few }).map((over) => flavorOf({ flavorId: id, ...over })),
    SetExtraSpecs: fc.dictionary(name, name).map((extraSpecs) => ({ extraSpecs })),
    DeleteExtraSpec: name.map((key) => ({ key })),
    DescribeFlavor: fc.option(name).map((description) => ({ description })),
    GrantFlavorAccess: fc.constantFrom('p1', 'p2').map((projectId) => ({ projectId })),
    RevokeFlavorAccess: fc.constantFrom('p1', 'p2').map((projectId) => ({ projectId })),
    DeleteFlavor: nothing,
    AbandonCreation: fc.constant({ id }),
  }),
});
