import type { Instance } from '@cairn/domain';
import { MigrationRow, ServerImageRow } from '../../read-models';
import type { Agreement } from '../agreement';

/** As far as the state of the server tells of its newest move. */
function statusOf({ vmState, operation, deletion }: Instance): string | undefined {
  if (deletion !== undefined || vmState === 'deleted') return undefined;
  if (operation?.name === 'revertResize') return 'reverting';
  if (operation?.name === 'resize' || operation?.name === 'migrate')
    return operation.undone === undefined ? 'under way' : 'error';
  return vmState === 'resized' ? 'finished' : undefined;
}

/** Its guest could not be started again while it waited for an answer to its move: nobody has answered that, as in nova. */
const leftInError = ({ former, operation, deletion, vmState }: Instance): boolean =>
  former !== undefined && operation === undefined && deletion === undefined && vmState !== 'deleted';

const UNDER_WAY = ['pre-migrating', 'migrating', 'post-migrating'];

export const migration: Agreement = {
  says: 'of migrations: that a server which moves, or waits for an answer, has one that says so and leads there, and others none; of images: what its root disk lies over',
  rows: [MigrationRow, ServerImageRow],
  holds(cloud, model) {
    for (const id of cloud.ids('instance')) {
      const state = cloud.state({ category: 'instance', id }) as Instance;
      const rows = model.all(MigrationRow).filter(({ instanceId }) => instanceId === id);
      const open = rows.filter(({ status }) => [...UNDER_WAY, 'finished', 'reverting'].includes(status));
      const status = statusOf(state);
      const shown = open.map((row) => (UNDER_WAY.includes(row.status) ? 'under way' : row.status));
      const unanswered = leftInError(state) && shown.length > 0 ? ['finished'] : [];
      expect(shown).toEqual(status === undefined || status === 'error' ? unanswered : [status]);
      if (status === 'finished') expect(open[0]?.destHost).toBe(state.host?.hostName);
      if (status === 'under way') expect(open[0]?.destHost ?? undefined).toBe(state.placement?.target?.hostName);
      const root = model.get(ServerImageRow, `${id}/root`)?.imageId;
      const lies = state.disks?.image?.imageId;
      if (state.vmState !== 'deleted' && state.request !== undefined) expect(root).toBe(lies);
      else expect(root).toBeUndefined();
    }
  },
};
