import {
  egressRules,
  type LaunchRequest,
  type Message,
  type SecurityRule,
  type StreamRef,
  streamRef,
} from '@cairn/domain';
import { network, securityRuleOf } from '../../../libs/domain/src/testing/model';
import { type Cloud, placeOnA, removeServer, running } from '../cloud';
import type { Stage } from '../stage';
import type { Story } from '../story';

const message = (type: string, data: object = {}): Message => ({ type, data });

const groupsOf = ({ id }: Stage): StreamRef & { category: 'securitygroups' } =>
  streamRef('securitygroups', id('project'));

const ruleOf = ({ id }: Stage, name: string, over: Partial<SecurityRule>): SecurityRule =>
  securityRuleOf({ ruleId: id(name), remote: { cidr: '192.0.2.0/24' }, ...over });

/** The default group, and `web`, which lets in who is in it. */
async function makeGroups(stage: Stage): Promise<void> {
  const [target, projectId] = [groupsOf(stage), stage.id('project')];
  const record = (name: string, number: number): object => {
    const groupId = stage.id(name);
    return { groupId, projectId, number, rules: egressRules(groupId) };
  };
  await stage.ask(target, message('EnsureDefaultGroup', record('default', 1)));
  const web = { ...record('web', 2), name: 'web', description: 'servers of the web', limit: 10 };
  await stage.ask(target, message('CreateSecurityGroup', web));
  const add = (rule: SecurityRule): Promise<unknown> =>
    stage.ask(target, message('AddSecurityRule', { groupId: stage.id('web'), rule, limit: 20 }));
  await add(ruleOf(stage, 'ssh', {}));
  await add(
    ruleOf(stage, 'among', { number: 2, protocol: 'udp', from: 1, to: 65_535, remote: { groupId: stage.id('web') } }),
  );
}

/** The host does what the groups ask of it. */
async function applied(stage: Stage): Promise<void> {
  const { version } = await stage.state(groupsOf(stage));
  await stage.answer(groupsOf(stage), 'apply-security', { timings: { network: 12 }, version });
}

async function runIn(stage: Stage, over: Partial<LaunchRequest> = {}): Promise<Cloud> {
  const groups = [{ groupId: stage.id('default'), name: 'default' }];
  const cloud = await placeOnA(stage, { groups, ...over });
  await stage.carryOut(cloud.server, 'SetMember');
  await applied(stage);
  await stage.answer(cloud.server, 'ensure-instance', running);
  return cloud;
}

export const securityGroups: readonly Story[] = [
  {
    name: 'server-with-ipv6',
    about:
      'A server in a network with IPv6 addresses has one of each family, and hosts know both as members of its groups.',
    finished: true,
    play: async (stage: Stage): Promise<void> => {
      await makeGroups(stage);
      const networkId = stage.id('network of both families');
      const ipv6 = { cidr: 'FD00:0:0:7::/64', gateway: 'fd00:0:0:7::1', dns: ['fd00::53'] };
      const made = network({ networkId, label: 'both', cidr: '10.3.0.0/24', gateway: '10.3.0.1', ipv6 });
      await stage.ask(made.target, made.command, 'cli');
      const cloud = await runIn(stage, { networks: [{ networkId, address: null }] });
      await removeServer(stage, cloud);
      await applied(stage);
    },
  },
  {
    name: 'security-groups-of-a-server',
    about:
      'A server joins a group while it runs; its host is told of groups, rules and members, and forgets them in the end.',
    finished: true,
    play: async (stage: Stage): Promise<void> => {
      await makeGroups(stage);
      const cloud = await runIn(stage);
      const target = groupsOf(stage);
      await stage.ask(cloud.server, message('AddSecurityGroup', { group: { groupId: stage.id('web'), name: 'web' } }));
      await stage.carryOut(cloud.server, 'SetMember');
      await applied(stage);
      await stage.ask(target, message('DeleteSecurityGroup', { groupId: stage.id('web') }));
      await stage.ask(target, message('RemoveSecurityRule', { ruleId: stage.id('ssh') }));
      await applied(stage);
      await removeServer(stage, cloud);
      await applied(stage);
      const renamed = { groupId: stage.id('web'), name: 'www', description: 'not used any more' };
      await stage.ask(target, message('UpdateSecurityGroup', renamed));
      await stage.ask(target, message('DeleteSecurityGroup', { groupId: stage.id('web') }));
    },
  },
  {
    name: 'security-groups-not-applied',
    about: 'A host cannot take over the rules; it is asked again later, for as long as it has servers of the project.',
    finished: false,
    play: async (stage: Stage): Promise<void> => {
      await makeGroups(stage);
      const groups = [{ groupId: stage.id('web'), name: 'web' }];
      const { server } = await placeOnA(stage, { groups });
      await stage.carryOut(server, 'SetMember');
      const failure = { code: 'network.failed', message: "nftables refuses the host's rules", permanent: true };
      await stage.answer(groupsOf(stage), 'apply-security', failure);
    },
  },
  {
    name: 'security-default-rules',
    about: 'An administrator says which rules default groups begin with, and takes one away.',
    finished: true,
    play: async (stage: Stage): Promise<void> => {
      const target = streamRef('securitydefaults', 'cloud');
      const rule = ruleOf(stage, 'a default', { protocol: 'icmp', from: -1, to: -1 });
      await stage.ask(target, message('AddDefaultRule', { rule }));
      await stage.ask(target, message('RemoveDefaultRule', { ruleId: rule.ruleId }));
    },
  },
];
