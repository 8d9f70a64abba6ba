import type { Project, User } from '@cairn/domain';
import { ProjectRow, RoleAssignmentRow, UserRow } from '../../read-models';
import type { Agreement } from '../agreement';

export const account: Agreement = {
  says: 'of accounts: who is alive, and the roles of what is alive',
  rows: [RoleAssignmentRow, UserRow, ProjectRow],
  holds(cloud, model) {
    const users = new Map(cloud.ids('user').map((id) => [id, cloud.state({ category: 'user', id }) as User]));
    for (const id of cloud.ids('project')) {
      const { life, roles, record } = cloud.state({ category: 'project', id }) as Project;
      const rows = model.all(RoleAssignmentRow).filter(({ projectId }) => projectId === id);
      const known = rows.filter(({ userId, role }) => roles[userId]?.includes(role) === true);
      expect(rows).toEqual(life === 'live' ? known : []);
      expect(model.get(ProjectRow, id)?.name).toEqual(life === 'live' ? record?.name : undefined);
    }
    for (const [id, state] of users) {
      const alive = state.life === 'live';
      expect(model.get(UserRow, id)?.enabled).toEqual(alive ? state.record?.enabled : undefined);
    }
  },
};
