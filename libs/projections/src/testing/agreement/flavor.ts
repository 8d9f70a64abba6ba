import type { Flavor } from '@cairn/domain';
import { FlavorRow } from '../../read-models';
import type { Agreement } from '../agreement';

export const flavor: Agreement = {
  says: 'of a flavor: what it is, while it can be used',
  rows: [FlavorRow],
  holds(cloud, model) {
    for (const id of cloud.ids('flavor')) {
      const { life, record } = cloud.state({ category: 'flavor', id }) as Flavor;
      const { flavorId: _id, ...shown } = record ?? {};
      if (life === 'live') expect(model.get(FlavorRow, id)).toMatchObject(shown);
      else expect(model.get(FlavorRow, id)).toBeUndefined();
    }
  },
};
