import type { FloatingIp, FloatingPool } from '@cairn/domain';
import { FloatingIpRow, FloatingPoolRow } from '../../read-models';
import type { Agreement } from '../agreement';

export const floatingIp: Agreement = {
  says: 'of floating IPs: the addresses of each pool, who has one of them, and what it leads to',
  rows: [FloatingIpRow, FloatingPoolRow],
  holds(cloud, model) {
    for (const id of cloud.ids('floatingpool')) {
      const { poolId, name, ranges } = cloud.state({ category: 'floatingpool', id }) as FloatingPool;
      const row = model.get(FloatingPoolRow, id);
      if (poolId === undefined) expect(row).toBeUndefined();
      else expect(row).toMatchObject({ id: poolId, name, ranges });
    }
    for (const id of cloud.ids('floatingip')) {
      const { life, record, association } = cloud.state({ category: 'floatingip', id }) as FloatingIp;
      const row = model.get(FloatingIpRow, id);
      if (life !== 'live') {
        expect(row).toBeUndefined();
        continue;
      }
      const { floatingIpId: _id, autoAssigned: _auto, ...shown } = record ?? {};
      expect(row).toMatchObject({
        ...shown,
        instanceId: association?.holder.id ?? null,
        portId: association?.portId ?? null,
        fixedAddress: association?.fixedAddress ?? null,
      });
    }
  },
};
