import type { Host } from '@cairn/domain';
import { HostRow, HostClaimRow } from '../../read-models';
import type { Agreement } from '../agreement';

export const host: Agreement = {
  says: 'of a host: what is claimed on it, by whom, and whether it is up and enabled',
  rows: [HostRow, HostClaimRow],
  holds(cloud, model) {
    for (const id of cloud.ids('host')) {
      const state = cloud.state({ category: 'host', id }) as Host;
      if (!state.enrolled) {
        expect(model.get(HostRow, id)).toBeUndefined();
        continue;
      }
      const claims = [...state.claims.values()];
      expect(model.get(HostRow, id)).toMatchObject({
        up: state.up,
        enabled: state.enabled,
        disabledReason: state.disabledReason,
        bootId: state.bootId,
        capabilities: state.inventory?.capabilities ?? null,
        usedVcpus: state.used.vcpus,
        usedRamMb: state.used.ramMb,
        usedDiskGb: state.used.diskGb,
        runningVms: claims.length,
      });
      const rows = model.all(HostClaimRow).filter(({ hostId }) => hostId === id);
      expect(rows.map((row) => row.instanceId).sort()).toEqual(claims.map((claim) => claim.owner.id).sort());
    }
  },
};
