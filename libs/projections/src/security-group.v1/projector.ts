import type { SecurityGroupEvent, SecurityRule } from '@cairn/domain';
import { existing, type Projection } from '../projection';
import { SecurityGroupRow, SecurityGroupRuleRow } from './row';

type Seen<T extends SecurityGroupEvent['type']> = Extract<SecurityGroupEvent, { type: T }>;
type GroupSeen = Seen<'security-group.created.v1' | 'security-group.updated.v1' | 'security-group.deleted.v1'>;
type RuleSeen = Seen<
  | 'security-group.created.v1'
  | 'security-group.rule-added.v1'
  | 'security-group.rule-removed.v1'
  | 'security-group.deleted.v1'
>;

export const securityGroups: Projection<SecurityGroupRow, GroupSeen> = {
  name: 'security-groups.v1',
  group: 'networks',
  version: 1,
  entity: SecurityGroupRow,
  owner: { category: 'securitygroups', column: 'projectId' },
  types: { 'security-group.created.v1': true, 'security-group.updated.v1': true, 'security-group.deleted.v1': true },
  keys: ({ data }) => [data.groupId],
  apply(row, event, key) {
    switch (event.type) {
      case 'security-group.deleted.v1':
        return null;
      case 'security-group.updated.v1': {
        const { name, description } = event.data;
        return { ...existing(row, event), name, description };
      }
      case 'security-group.created.v1': {
        const { number, projectId, name, description, isDefault = false } = event.data;
        return { id: key, number, projectId, name, description, isDefault, createdAt: event.at };
      }
    }
  },
};

export const securityGroupRules: Projection<SecurityGroupRuleRow, RuleSeen> = {
  name: 'security-group-rules.v1',
  group: 'networks',
  version: 1,
  entity: SecurityGroupRuleRow,
  owner: { category: 'securitygroups', column: 'projectId' },
  types: {
    'security-group.created.v1': true,
    'security-group.rule-added.v1': true,
    'security-group.rule-removed.v1': true,
    'security-group.deleted.v1': true,
  },
  keys(event) {
    switch (event.type) {
      case 'security-group.created.v1':
        return event.data.rules.map(({ ruleId }) => ruleId);
      case 'security-group.deleted.v1':
        return event.data.ruleIds;
      case 'security-group.rule-added.v1':
        return [event.data.rule.ruleId];
      case 'security-group.rule-removed.v1':
        return [event.data.ruleId];
    }
  },
  apply(_row, event, key) {
    if (event.type === 'security-group.rule-added.v1') return rowOf(event.data.rule, event.data, event.at);
    if (event.type !== 'security-group.created.v1') return null;
    const rule = event.data.rules.find(({ ruleId }) => ruleId === key);
    return rule === undefined ? null : rowOf(rule, event.data, event.at);
  },
};

const rowOf = (
  { ruleId: id, number, direction, ethertype, protocol, from, to, remote }: SecurityRule,
  { groupId, projectId }: { readonly groupId: string; readonly projectId: string },
  createdAt: string,
): SecurityGroupRuleRow => ({
  ...{ id, number: number ?? null, groupId, projectId, direction, ethertype, protocol, fromPort: from, toPort: to },
  cidr: remote !== null && 'cidr' in remote ? remote.cidr : null,
  remoteGroupId: remote !== null && 'groupId' in remote ? remote.groupId : null,
  createdAt,
});
