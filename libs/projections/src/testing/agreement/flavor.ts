import type { Flavor } from '@cairn/domain';
import { FlavorRow } from '../../read-models';
import type { Agreement } from '../agreement';

export const flavor: Agreement = {
  says: 'of a flavor: what it is, what it demands and who may use it, while it can be used',
  rows: [FlavorRow],
  holds(cloud, model) {
    for (const id of cloud.ids('flavor')) {
      const { life, record, extraSpecs, access } = cloud.state({ category: 'flavor', id }) as Flavor;
      const { flavorId: _id, ...shown } = record ?? {};
      if (life === 'live') expect(model.get(FlavorRow, id)).toMatchObject({ ...shown, extraSpecs, access });
      else expect(model.get(FlavorRow, id)).toBeUndefined();
    }
  },
};
