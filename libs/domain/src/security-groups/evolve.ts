import { bounded } from '../kernel/bounded';
import { unreachable } from '../kernel/errors';
import { type HostVersion, updated, withFailure } from '../kernel/host-copies';
import type { SecurityGroupEvent } from './events';
import { hostsUsing, isUsing, marked, withMember } from './shares';
import type { SecurityGroups } from './state';

/** How many of the servers that left last are remembered at most. */
const REMEMBER_LEFT = 4_096;

/** Folds what tenants, servers and hosts have said, and marks the hosts that must be told. */
export function evolve(state: SecurityGroups, event: SecurityGroupEvent): SecurityGroups {
  const version = state.version + 1;
  const touch = (after: SecurityGroups, groups: readonly string[]): SecurityGroups => {
    const newer = { ...after, version };
    return marked(newer, hostsUsing(newer, new Set(groups)));
  };
  switch (event.type) {
    case 'security-group.created.v1': {
      const { rules, ...group } = event.data;
      const { groupId, projectId } = group;
      const all = rules.reduce((table, rule) => table.set(rule.ruleId, { ...rule, groupId }), state.rules);
      const after = { ...state, projectId, groups: state.groups.set(groupId, group), rules: all };
      return touch(after, [groupId]); // a server may be in it before it is there: its launch names the default group
    }
    case 'security-group.updated.v1': {
      const group = state.groups.get(event.data.groupId);
      if (group === undefined) return state;
      return { ...state, groups: state.groups.set(group.groupId, { ...group, ...event.data }) };
    }
    case 'security-group.deleted.v1': {
      const { groupId, ruleIds } = event.data;
      const rules = ruleIds.reduce((table, id) => table.delete(id), state.rules);
      return { ...state, groups: state.groups.delete(groupId), rules };
    }
    case 'security-group.rule-added.v1': {
      const { groupId, rule } = event.data;
      return touch({ ...state, rules: state.rules.set(rule.ruleId, { ...rule, groupId }) }, [groupId]);
    }
    case 'security-group.rule-removed.v1': {
      const { groupId, ruleId } = event.data;
      return touch({ ...state, rules: state.rules.delete(ruleId) }, [groupId]);
    }
    case 'security-group.member-set.v1':
      return withMember({ ...state, projectId: event.data.projectId }, event.data.instanceId, event.data);
    case 'security-group.member-left.v1': {
      const { instanceId } = event.data;
      const left = bounded(state.left.set(instanceId, version), REMEMBER_LEFT).kept;
      return withMember({ ...state, left }, instanceId, undefined);
    }
    case 'security-group.host-updated.v1':
      return { ...state, hosts: withUpdated(state.hosts, event.data) };
    case 'security-group.host-not-updated.v1':
      return { ...state, hosts: withFailure(state.hosts, event.data) };
    default:
      return unreachable(event);
  }
}

/** A host that has the newest version and where the project has nothing any more is forgotten. */
function withUpdated(hosts: SecurityGroups['hosts'], { hostId, version }: HostVersion): SecurityGroups['hosts'] {
  const share = hosts.get(hostId);
  if (share === undefined) return hosts;
  return isUsing(share) || version < share.wanted ? hosts.set(hostId, updated(share, version)) : hosts.delete(hostId);
}
