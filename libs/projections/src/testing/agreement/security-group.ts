import type { SecurityGroups } from '@cairn/domain';
import { SecurityGroupRow, SecurityGroupRuleRow } from '../../read-models';
import type { Agreement } from '../agreement';

export const securityGroup: Agreement = {
  says: 'of security groups: those of each project, and what each of their rules lets pass',
  rows: [SecurityGroupRow, SecurityGroupRuleRow],
  holds(cloud, model) {
    for (const projectId of cloud.ids('securitygroups')) {
      const { groups, rules } = cloud.state({ category: 'securitygroups', id: projectId }) as SecurityGroups;
      const rows = model.all(SecurityGroupRow).filter((row) => row.projectId === projectId);
      expect(rows.map(({ id, number, name, description }) => ({ id, number, name, description })).sort(byId)).toEqual(
        [...groups.values()]
          .map(({ groupId: id, number, name, description }) => ({ id, number, name, description }))
          .sort(byId),
      );
      const seen = model.all(SecurityGroupRuleRow).filter((row) => row.projectId === projectId);
      expect(seen.map(({ id, groupId, number }) => ({ id, groupId, number })).sort(byId)).toEqual(
        [...rules.values()].map(({ ruleId: id, groupId, number = null }) => ({ id, groupId, number })).sort(byId),
      );
    }
  },
};

const byId = (a: { readonly id: string }, b: { readonly id: string }): number => (a.id < b.id ? -1 : 1);
