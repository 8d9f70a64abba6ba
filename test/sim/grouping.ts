import {
  defaultGroupId,
  deriveId,
  egressRules,
  type GroupRef,
  groupsOf,
  type OperationRequest,
  type SecurityGroups,
  type SecurityGroupsCommand,
  type SecurityRule,
  streamRef,
} from '@cairn/domain';

import type { Asked } from './client';
import type { Frequency } from './moments';
import { projectIdOf } from './setup';
import type { Random } from './random';
import type { World } from './world';

/** What rules speak of, and one protocol that none does. */
export const TRAFFIC = [
  { protocol: 'tcp', from: 22, to: 22 },
  { protocol: 'TCP', from: 80, to: 90 },
  { protocol: 'udp', from: 53, to: 53 },
  { protocol: 'icmp', from: -1, to: -1 },
  { protocol: null, from: null, to: null },
] as const satisfies readonly Pick<SecurityRule, 'protocol' | 'from' | 'to'>[];

const BLOCKS = {
  IPv4: ['0.0.0.0/0', '10.0.0.0/30', '203.0.113.0/24'],
  IPv6: ['::/0', 'fd00::/64', '2001:db8::/32'],
} as const;
/** Few, so that one comes back under the name of another that was deleted. */
const NAMES = ['web', 'db', 'ops'];

/** Requests about security groups. */
export const GROUPINGS: Frequency = { share: 0.7, least: 10, most: 40 };

/** Tenants who change the security groups of their project, and which servers are in them, while others work on those. */
export class Grouping {
  constructor(
    private readonly world: World,
    private readonly random: Random,
  ) {}

  /** The next request. Undefined where there is nothing to ask it of. */
  next(): Asked | undefined {
    const { random, world } = this;
    const projectId = projectIdOf(random.int(0, world.plan.quotas.length - 1));
    const state = world.auditor.of('securitygroups', projectId);
    const what = random.weighted({ create: 3, rule: 6, close: 2, join: 6, leave: 3, delete: 1.5 });
    const groups = [...(state?.groups.values() ?? [])];
    if (what === 'create' || state === undefined || groups.length === 0) return this.create(projectId);
    const group = random.pick(groups);
    if (what === 'rule') return this.open(state, group.groupId);
    if (what === 'close') return this.close(state);
    if (what === 'delete') {
      const command = { type: 'DeleteSecurityGroup', data: { groupId: group.groupId } } as const;
      return this.ask(projectId, `delete group ${group.name}`, random.uuid(), command);
    }
    return this.member(projectId, what, { groupId: group.groupId, name: group.name });
  }

  private create(projectId: string): Asked {
    const { random } = this;
    const [commandId, name] = [random.uuid(), random.pick(NAMES)];
    const target = streamRef('securitygroups', projectId);
    const [own, mine] = [defaultGroupId(projectId), deriveId(commandId, 'group')];
    const ensured = { groupId: own, projectId, number: 1, rules: egressRules(own) };
    const made = { groupId: mine, projectId, name, description: name, rules: egressRules(mine), limit: -1 };
    const number = Number.parseInt(commandId.slice(0, 6), 16);
    return {
      name: `create group ${name}`,
      request: async (facade) => {
        await facade.send(target, { type: 'EnsureDefaultGroup', data: ensured }, deriveId(commandId, 'default'));
        const create = { type: 'CreateSecurityGroup', data: { ...made, number } } as const;
        await facade.send(target, create, commandId);
      },
    };
  }

  private open({ projectId, groups }: SecurityGroups, groupId: string): Asked {
    const { random } = this;
    const commandId = random.uuid();
    const source = random.pick([...groups.values()]).groupId;
    const ethertype = random.weighted({ IPv4: 3, IPv6: 2 });
    const isGroup = random.weighted({ group: 3, block: 2 }) === 'group';
    const remote = isGroup ? { groupId: source } : { cidr: random.pick(BLOCKS[ethertype]) };
    const rule: SecurityRule = {
      ruleId: deriveId(commandId, 'rule'),
      number: Number.parseInt(commandId.slice(0, 6), 16),
      direction: 'ingress',
      ethertype,
      ...random.pick(TRAFFIC),
      remote,
    };
    return this.ask(projectId, `open ${groupId.slice(0, 8)}`, commandId, {
      type: 'AddSecurityRule',
      data: { groupId, rule, limit: -1 },
    });
  }

  /** Also of the rules that a group begins with: then nothing leaves its members. */
  private close({ projectId, rules }: SecurityGroups): Asked | undefined {
    const all = [...rules.values()];
    const own = all.filter(({ direction }) => direction === 'ingress' || this.random.chance(0.1));
    if (own.length === 0) return undefined;
    const { ruleId } = this.random.pick(own);
    const command = { type: 'RemoveSecurityRule', data: { ruleId } } as const;
    return this.ask(projectId, `close ${ruleId.slice(0, 8)}`, this.random.uuid(), command);
  }

  private ask(projectId: string, name: string, commandId: string, command: SecurityGroupsCommand): Asked {
    return { name, request: (facade) => facade.send(streamRef('securitygroups', projectId), command, commandId) };
  }

  private member(projectId: string, what: 'join' | 'leave', group: GroupRef): Asked | undefined {
    const { random, world } = this;
    const servers = world.auditor
      .all('instance')
      .filter(([, one]) => one.request?.projectId === projectId && one.vmState !== 'deleted')
      .filter(([, one]) => what === 'join' || groupsOf(one).some(({ groupId }) => groupId === group.groupId));
    if (servers.length === 0) return undefined;
    const [id] = random.pick(servers.slice(-6)); // the newest are those in transition
    const commandId = random.uuid();
    const operation: OperationRequest = {
      name: what === 'join' ? 'add-security-group' : 'remove-security-group',
      input: { group },
    };
    return {
      name: `${what} ${group.groupId.slice(0, 8)} ${id.slice(0, 8)}`,
      request: (facade) => facade.operate(id, operation, commandId),
    };
  }
}
