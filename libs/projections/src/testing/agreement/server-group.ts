import type { Instance, ServerGroup } from '@cairn/domain';
import { ServerGroupMemberRow, ServerGroupRow } from '../../read-models';
import type { Agreement } from '../agreement';

export const serverGroup: Agreement = {
  says: 'of a server group: what it is, until it is deleted, and which servers that live were launched into it',
  rows: [ServerGroupRow, ServerGroupMemberRow],
  holds(cloud, model) {
    for (const id of cloud.ids('servergroup')) {
      const { life, record } = cloud.state({ category: 'servergroup', id }) as ServerGroup;
      const { groupId: _id, ...shown } = record ?? {};
      if (life === 'live') expect(model.get(ServerGroupRow, id)).toMatchObject(shown);
      else expect(model.get(ServerGroupRow, id)).toBeUndefined();
    }
    for (const id of cloud.ids('instance')) {
      const { vmState, request } = cloud.state({ category: 'instance', id }) as Instance;
      const groupId = vmState === 'deleted' ? undefined : request?.serverGroupId;
      expect(model.get(ServerGroupMemberRow, id)?.groupId).toBe(groupId);
    }
  },
};
