import { type SecurityRule, UNFILTERED } from '@cairn/domain';
import type { RuleView, SecurityGroupView } from '../../../../application/security-group/security-groups';

export const presentGroup = ({ number, projectId, name, description, rules }: SecurityGroupView): object => ({
  ...{ id: number, name, description },
  tenant_id: projectId,
  rules: rules.flatMap(presentRule),
});

/** Nothing of a rule whose group is gone, as in nova. */
export function presentRule(rule: RuleView): readonly object[] {
  const { number, groupNumber, protocol, fromPort, toPort, cidr, remoteGroupId, source } = rule;
  if (remoteGroupId !== null && source === null) return [];
  return [
    {
      ...{ id: number, parent_group_id: groupNumber, ip_protocol: protocol, from_port: fromPort, to_port: toPort },
      group: source === null ? {} : { name: source.name, tenant_id: source.projectId },
      ip_range: cidr === null ? {} : { cidr },
    },
  ];
}

export const presentDefaultRule = ({ number, protocol, from, to, remote }: SecurityRule): object => ({
  ...{ id: number, ip_protocol: protocol, from_port: from, to_port: to },
  ip_range: remote !== null && 'cidr' in remote ? { cidr: remote.cidr } : {},
});

/** Shown beside the groups of a server that nothing filters; no group has its number. */
export const presentUnfiltered = (projectId: string): object => ({
  ...{ id: 0, name: UNFILTERED, description: 'nothing is filtered for this server', tenant_id: projectId, rules: [] },
});
