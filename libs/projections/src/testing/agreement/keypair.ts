import type { KeyPairs } from '@cairn/domain';
import { KeypairRow } from '../../read-models';
import type { Agreement } from '../agreement';

export const keypair: Agreement = {
  says: 'of key pairs: those that each user has',
  rows: [KeypairRow],
  holds(cloud, model) {
    for (const userId of cloud.ids('keypairs')) {
      const { byName } = cloud.state({ category: 'keypairs', id: userId }) as KeyPairs;
      const rows = model.all(KeypairRow).filter((row) => row.userId === userId);
      expect(rows.map(({ id: _id, ...row }) => row).sort(byTheirName)).toEqual(Object.values(byName).sort(byTheirName));
    }
  },
};

const byTheirName = (a: { readonly name: string }, b: { readonly name: string }): number => (a.name < b.name ? -1 : 1);
