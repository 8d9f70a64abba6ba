import type { Network } from '@cairn/domain';
import { NetworkRow, NetworkAddressRow } from '../../read-models';
import type { Agreement } from '../agreement';

export const network: Agreement = {
  says: 'of a network: whose it is, which host is its gateway, and which instance holds which address',
  rows: [NetworkRow, NetworkAddressRow],
  holds(cloud, model) {
    for (const id of cloud.ids('network')) {
      const { exists, claims, projectId, gateway, deleted } = cloud.state({ category: 'network', id }) as Network;
      const held = Object.fromEntries([...claims.values()].map(({ address, owner }) => [address, owner.id]));
      const rows = model.all(NetworkAddressRow).filter(({ networkId }) => networkId === id);
      expect(Object.fromEntries(rows.map(({ address, instanceId }) => [address, instanceId]))).toEqual(held);
      const row = model.get(NetworkRow, id);
      const shown = [row?.usedAddresses, row?.projectId, ...(deleted ? [] : [row?.gatewayHostId])];
      const known = [claims.size, projectId, ...(deleted ? [] : [gateway])];
      expect(shown).toEqual(exists ? known : known.map(() => undefined));
    }
  },
};
