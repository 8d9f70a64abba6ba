import type { Aggregate, Context } from '../kernel/aggregate';
import { unreachable } from '../kernel/errors';
import { type HostTry, type HostVersion, isNewer, notUpdated } from '../kernel/host-copies';
import { tableSnapshot } from '../kernel/table-snapshot';
import { securityGroupsEvents } from './catalogue';
import { DEFAULT_GROUP_NAME, UNFILTERED } from './default-group';
import { dueShares } from './due';
import type { Member, Membership, SecurityGroupEvent, SecurityGroupRecord } from './events';
import { evolve } from './evolve';
import { SECURITY_JOBS } from './jobs';
import * as refusals from './refusals';
import { sameRule, type SecurityRule } from './rule';
import { isUsing } from './shares';
import { defaultGroup, groupNamed, membersOf, noGroups, rulesAbout, rulesOf, type SecurityGroups } from './state';

type NewGroup = SecurityGroupRecord & { readonly rules: readonly SecurityRule[] };

export type SecurityGroupsCommand =
  /** A project that has its default group keeps it. */
  | { readonly type: 'EnsureDefaultGroup'; readonly data: Omit<NewGroup, 'name' | 'description' | 'isDefault'> }
  /** @param limit of the project's groups; -1 is none. */
  | { readonly type: 'CreateSecurityGroup'; readonly data: Omit<NewGroup, 'isDefault'> & { readonly limit: number } }
  | {
      readonly type: 'UpdateSecurityGroup';
      readonly data: { readonly groupId: string; readonly name?: string; readonly description?: string };
    }
  | { readonly type: 'DeleteSecurityGroup'; readonly data: { readonly groupId: string } }
  /** @param limit of the group's rules; -1 is none. */
  | {
      readonly type: 'AddSecurityRule';
      readonly data: { readonly groupId: string; readonly rule: SecurityRule; readonly limit: number };
    }
  | { readonly type: 'RemoveSecurityRule'; readonly data: { readonly ruleId: string } }
  /** A server tells where it is and in which groups; null: it is gone. What is older than what is known changes nothing. */
  | {
      readonly type: 'SetMember';
      readonly data: {
        readonly instanceId: string;
        readonly projectId: string;
        readonly version: number;
        readonly membership: Membership | null;
      };
    }
  | { readonly type: 'RecordHostUpdated'; readonly data: HostVersion }
  | { readonly type: 'RecordHostNotUpdated'; readonly data: HostTry };

function requireFreeName(state: SecurityGroups, name: string, projectId: string): void {
  const isSystem = name === DEFAULT_GROUP_NAME || name === UNFILTERED;
  if (isSystem || groupNamed(state, name) !== undefined) throw refusals.nameTaken(name, projectId);
}

function groupOf({ groups }: SecurityGroups, groupId: string): SecurityGroupRecord {
  const group = groups.get(groupId);
  if (group === undefined) throw refusals.groupNotFound(groupId);
  return group;
}

/** The default group counts, also before it is there. */
function create(
  { limit, ...group }: Extract<SecurityGroupsCommand, { type: 'CreateSecurityGroup' }>['data'],
  state: SecurityGroups,
): readonly SecurityGroupEvent[] {
  requireFreeName(state, group.name, group.projectId);
  const others = [...state.groups.values()].filter(({ isDefault }) => isDefault !== true).length;
  if (limit >= 0 && others + 2 > limit) throw refusals.tooManyGroups();
  return [{ type: 'security-group.created.v1', data: group }];
}

function update(
  { groupId, ...changes }: Extract<SecurityGroupsCommand, { type: 'UpdateSecurityGroup' }>['data'],
  state: SecurityGroups,
): readonly SecurityGroupEvent[] {
  const group = groupOf(state, groupId);
  if (group.isDefault === true) throw refusals.isSystem(group.name, 'update');
  const { name = group.name, description = group.description } = changes;
  if (name === group.name && description === group.description) return [];
  if (name !== group.name) requireFreeName(state, name, state.projectId);
  return [{ type: 'security-group.updated.v1', data: { groupId, name, description } }];
}

/** Rules of other groups that speak of this one go first. */
function remove(groupId: string, state: SecurityGroups): readonly SecurityGroupEvent[] {
  const { name, isDefault, projectId } = groupOf(state, groupId);
  if (isDefault === true) throw refusals.isSystem(name, 'delete');
  if (membersOf(state, groupId).length > 0) throw refusals.groupInUse();
  const others = rulesAbout(state, new Set([groupId])).filter((rule) => rule.groupId !== groupId);
  return [
    ...others.map(({ groupId: of, ruleId }) => ruleRemoved(of, projectId, ruleId)),
    {
      type: 'security-group.deleted.v1',
      data: { groupId, projectId, ruleIds: rulesOf(state, groupId).map(({ ruleId }) => ruleId) },
    },
  ];
}

const ruleRemoved = (groupId: string, projectId: string, ruleId: string): SecurityGroupEvent => ({
  type: 'security-group.rule-removed.v1',
  data: { groupId, projectId, ruleId },
});

/** The limit is of what tenants add: rules that let everything out come with the group, and nova's API does not show them. */
function addRule(
  { groupId, rule, limit }: Extract<SecurityGroupsCommand, { type: 'AddSecurityRule' }>['data'],
  state: SecurityGroups,
): readonly SecurityGroupEvent[] {
  const { number, projectId } = groupOf(state, groupId);
  const rules = rulesOf(state, groupId);
  if (rules.some((one) => sameRule(one, rule))) throw refusals.ruleExists(number);
  const counted = rules.filter((one) => one.number !== undefined).length;
  if (limit >= 0 && counted >= limit) throw refusals.tooManyRules();
  return [{ type: 'security-group.rule-added.v1', data: { groupId, projectId, rule } }];
}

function setMember(
  { membership, ...told }: Extract<SecurityGroupsCommand, { type: 'SetMember' }>['data'],
  { members, left }: SecurityGroups,
): readonly SecurityGroupEvent[] {
  const { instanceId, version } = told;
  if (left.has(instanceId)) return [];
  // also of a server that nothing is known of: what it told before may be on its way
  if (membership === null) return [{ type: 'security-group.member-left.v1', data: { instanceId, version } }];
  if (version <= (members.get(instanceId)?.version ?? 0)) return [];
  return [{ type: 'security-group.member-set.v1', data: { ...membership, ...told } }];
}

function decide(command: SecurityGroupsCommand, state: SecurityGroups, { at }: Context): readonly SecurityGroupEvent[] {
  switch (command.type) {
    case 'EnsureDefaultGroup': {
      if (defaultGroup(state) !== undefined) return [];
      const data = {
        ...command.data,
        name: DEFAULT_GROUP_NAME,
        description: DEFAULT_GROUP_NAME,
        isDefault: true,
      } as const;
      return [{ type: 'security-group.created.v1', data }];
    }
    case 'CreateSecurityGroup':
      return create(command.data, state);
    case 'UpdateSecurityGroup':
      return update(command.data, state);
    case 'DeleteSecurityGroup':
      return remove(command.data.groupId, state);
    case 'AddSecurityRule':
      return addRule(command.data, state);
    case 'RemoveSecurityRule': {
      const rule = state.rules.get(command.data.ruleId);
      if (rule === undefined) throw refusals.ruleNotFound(command.data.ruleId);
      return [ruleRemoved(rule.groupId, state.projectId, rule.ruleId)];
    }
    case 'SetMember':
      return setMember(command.data, state);
    case 'RecordHostUpdated':
      return isNewer(state.hosts, command.data) ? [{ type: 'security-group.host-updated.v1', data: command.data }] : [];
    case 'RecordHostNotUpdated': {
      const data = notUpdated(state.hosts, command.data, isUsing, at);
      return data === undefined ? [] : [{ type: 'security-group.host-not-updated.v1', data }];
    }
    default:
      return unreachable(command);
  }
}

export type SecurityGroupsAnswers = {
  /** What the stream knows of the server: it may have been told something else before. Null: the server is in no group. */
  readonly SetMember: Member | null;
};

export const securitygroups: Aggregate<
  SecurityGroups,
  SecurityGroupsCommand,
  SecurityGroupEvent,
  SecurityGroupsAnswers
> = {
  initial: noGroups,
  decide,
  evolve,
  answer: (command, { members }) =>
    command.type === 'SetMember' ? (members.get(command.data.instanceId) ?? null) : undefined,
  due: dueShares,
  owes: { commands: [], jobs: SECURITY_JOBS, places: false },
  category: 'securitygroups',
  events: securityGroupsEvents,
  schemaVersion: 2,
  growing: true,
  snapshot: tableSnapshot({ groups: true, rules: true, members: true, left: true, hosts: true }),
};
