import type { JobEffect } from '../kernel/effect';
import { HOST_A, HOST_B, uuid } from '../testing/examples';
import { after, specOf } from '../testing/given';
import { securityGroupOf, securityRuleOf } from '../testing/model/records';
import {
  egressRules,
  type HostSecurity,
  type Membership,
  type SecurityGroupEvent,
  securitygroups,
  type SecurityGroupsCommand,
} from './index';

const given = specOf(securitygroups);
const PROJECT = uuid(2);
const [WEB, DB, DEFAULT] = [uuid(94), uuid(96), uuid(97)];

const created = (groupId = WEB, name = 'web'): SecurityGroupEvent => ({
  type: 'security-group.created.v1',
  data: securityGroupOf({ groupId, name }),
});
const ensured: SecurityGroupEvent = {
  type: 'security-group.created.v1',
  data: {
    ...{ groupId: DEFAULT, projectId: PROJECT, number: 1, name: 'default', description: 'default', isDefault: true },
    rules: egressRules(DEFAULT),
  },
};
const create = (name: string, limit = -1): SecurityGroupsCommand => ({
  type: 'CreateSecurityGroup',
  data: { ...securityGroupOf({ groupId: DB, name }), limit },
});
const rule = securityRuleOf();
const about = (groupId: string, ruleId = uuid(93)) => securityRuleOf({ ruleId, number: 2, remote: { groupId } });
const added = (groupId: string, one = rule): SecurityGroupEvent => ({
  type: 'security-group.rule-added.v1',
  data: { groupId, projectId: PROJECT, rule: one },
});
const membership = (over: Partial<Membership> = {}): Membership => ({
  groups: [WEB],
  revision: 0,
  ports: [{ portId: uuid(40), addresses: ['10.0.0.2'] }],
  hosts: [HOST_A],
  ...over,
});
const member = (n: number, version: number, over: Partial<Membership> = {}): SecurityGroupEvent => ({
  type: 'security-group.member-set.v1',
  data: { instanceId: uuid(n), projectId: PROJECT, version, ...membership(over) },
});
const left = (n: number, version: number): SecurityGroupEvent => ({
  type: 'security-group.member-left.v1',
  data: { instanceId: uuid(n), version },
});
const updated = (hostId: string, version: number): SecurityGroupEvent => ({
  type: 'security-group.host-updated.v1',
  data: { hostId, version },
});
const remove = (groupId: string): SecurityGroupsCommand => ({ type: 'DeleteSecurityGroup', data: { groupId } });

describe('the groups of a project', () => {
  it('have names of their own, and the default group has its name alone', () => {
    given(created()).when(create('web')).thenRefuses('security-group.exists');
    given().when(create('default')).thenRefuses('security-group.exists');
    given().when(create('unfiltered')).thenRefuses('security-group.exists');
    given(created()).when(create('db')).then(created(DB, 'db'));
    const rename = (name: string): SecurityGroupsCommand => ({
      type: 'UpdateSecurityGroup',
      data: { groupId: WEB, name },
    });
    given(created(), created(DB, 'db')).when(rename('db')).thenRefuses('security-group.exists');
    given(created()).when(rename('web')).thenNothing();
  });

  it('are as many as the limit says, the default group among them, be it there or not', () => {
    given().when(create('db', 1)).thenRefuses('security-group.quota');
    given(ensured).when(create('db', 1)).thenRefuses('security-group.quota');
    given(ensured).when(create('db', 2)).then(created(DB, 'db'));
    given(ensured, created()).when(create('db', 2)).thenRefuses('security-group.quota');
  });

  it('have one default group, which nobody renames or deletes', () => {
    const {
      name: _name,
      description: _text,
      isDefault: _is,
      ...data
    } = ensured.data as typeof ensured.data & {
      name: string;
      description: string;
      isDefault: true;
    };
    const ensure = { type: 'EnsureDefaultGroup', data } as SecurityGroupsCommand;
    given().when(ensure).then(ensured);
    given(ensured).when(ensure).thenNothing();
    given(ensured).when(remove(DEFAULT)).thenRefuses('security-group.is-system');
    given(ensured)
      .when({ type: 'UpdateSecurityGroup', data: { groupId: DEFAULT, name: 'mine' } })
      .thenRefuses('security-group.is-system');
  });

  it('stay while a server is in them, and take the rules about them with them', () => {
    given(created(), member(1, 1)).when(remove(WEB)).thenRefuses('security-group.in-use');
    given(created(), created(DB, 'db'), added(DB, about(WEB)), member(1, 1), left(1, 2))
      .when(remove(WEB))
      .then(
        { type: 'security-group.rule-removed.v1', data: { groupId: DB, projectId: PROJECT, ruleId: uuid(93) } },
        {
          type: 'security-group.deleted.v1',
          data: { groupId: WEB, projectId: PROJECT, ruleIds: egressRules(WEB).map(({ ruleId }) => ruleId) },
        },
      );
  });

  it('have each rule once, and no more than the limit says, without those that they begin with', () => {
    const add = (one: typeof rule, limit = -1): SecurityGroupsCommand => ({
      type: 'AddSecurityRule',
      data: { groupId: WEB, rule: one, limit },
    });
    given(created()).when(add(rule, 1)).then(added(WEB));
    given(created(), added(WEB))
      .when(add({ ...rule, ruleId: uuid(92), protocol: 'TCP' }))
      .thenRefuses('security-group.rule-exists');
    given(created(), added(WEB))
      .when(add(about(DB), 1))
      .thenRefuses('security-group.rules-quota');
  });
});

describe('the members of groups', () => {
  const set = (version: number, one: Membership | null): SecurityGroupsCommand => ({
    type: 'SetMember',
    data: { instanceId: uuid(1), projectId: PROJECT, version, membership: one },
  });

  it('are what each server told last, until it has left', () => {
    given(created()).when(set(1, membership())).then(member(1, 1));
    const late = given(created(), member(1, 2, { hosts: [HOST_B] })).when(set(1, membership()));
    late.thenNothing();
    late.thenAnswers({ instanceId: uuid(1), projectId: PROJECT, version: 2, ...membership({ hosts: [HOST_B] }) });
    given(created(), member(1, 1)).when(set(2, null)).then(left(1, 2));
    given(created(), member(1, 1), left(1, 2)).when(set(3, membership())).thenNothing();
  });
});

describe('what hosts are told', () => {
  const jobs = (...events: SecurityGroupEvent[]): readonly JobEffect[] => given(...events).owed as readonly JobEffect[];
  const told = (...events: SecurityGroupEvent[]): readonly (readonly [string, HostSecurity])[] =>
    jobs(...events).map(({ hostId, job }) => [hostId, job.payload as HostSecurity]);
  const base = [created(), added(WEB), member(1, 1)];

  it('is the groups of their ports, with the addresses of the members that rules speak of', () => {
    const [[hostId, security] = ['', undefined]] = told(
      created(),
      created(DB, 'db'),
      added(DB, about(WEB)),
      member(1, 1),
      member(2, 1, { groups: [DB], hosts: [HOST_B], ports: [{ portId: uuid(41), addresses: ['10.0.0.3'] }] }),
      updated(HOST_A, 4),
    );
    expect(hostId).toBe(HOST_B);
    expect(security?.groups.map(({ groupId }) => groupId)).toEqual([DB]);
    expect(security?.members).toEqual([{ groupId: WEB, addresses: ['10.0.0.2'] }]);
  });

  it('is told once: a server more in a group that the host knows, and no rule speaks of, changes nothing', () => {
    expect(told(...base)).toHaveLength(1);
    const known = [...base, updated(HOST_A, 3)];
    expect(told(...known)).toEqual([]);
    expect(told(...known, member(2, 1, { ports: [] }))).toEqual([]);
    expect(told(...known, member(2, 1), left(2, 2))).toEqual([]);
  });

  it('is told again when rules change, a member of a group that one speaks of moves, or a server changes its groups', () => {
    const known = [...base, added(WEB, about(WEB)), updated(HOST_A, 4)];
    expect(told(...known)).toEqual([]);
    expect(told(...known, added(WEB, securityRuleOf({ ruleId: uuid(91), from: 80, to: 80 })))).toHaveLength(1);
    const elsewhere = { hosts: [HOST_B], ports: [{ portId: uuid(42), addresses: ['10.0.0.9'] }] };
    expect(
      told(...known, member(2, 1, elsewhere))
        .map(([host]) => host)
        .sort(),
    ).toEqual([HOST_A, HOST_B].sort());
    const [[, security] = ['', undefined]] = told(...known, member(1, 2, { groups: [WEB, DB], revision: 1 }));
    expect(security?.changed).toEqual([{ instanceId: uuid(1), groups: [WEB, DB], revision: 1 }]);
  });

  it('goes under one id until the host has answered, and is asked again later where it could not', () => {
    const [first] = jobs(...base);
    const [second] = jobs(...base, added(WEB, about(DB)));
    expect(second?.id).toBe(first?.id);
    const refused = first?.onRefused({
      code: 'network.failed',
      message: 'no',
      permanent: true,
    }) as SecurityGroupsCommand;
    const again: SecurityGroupEvent = {
      type: 'security-group.host-not-updated.v1',
      data: { hostId: HOST_A, version: 3, code: 'network.failed', message: 'no', retryAt: after(10) },
    };
    given(...base)
      .when(refused)
      .then(again);
    given(...base, again)
      .when(refused)
      .thenNothing();
    const [retried] = jobs(...base, again);
    expect(retried?.id).not.toBe(first?.id);
    expect(retried?.notBefore).toBe(after(10));
  });

  it('is told again, too, where a server has left its last group and the host could not take that over', () => {
    const left = [...base, updated(HOST_A, 3), member(1, 2, { groups: [], revision: 1 })];
    const failure = { hostId: HOST_A, version: 4, code: 'network.failed', message: 'no' };
    given(...left)
      .when({ type: 'RecordHostNotUpdated', data: { ...failure, applied: 3, tries: 0 } })
      .then({ type: 'security-group.host-not-updated.v1', data: { ...failure, retryAt: after(10) } });
    expect(told(...left, updated(HOST_A, 4))).toEqual([]);
  });

  it('ends with the last member: the host is told so, and forgotten', () => {
    const gone = [...base, updated(HOST_A, 3), left(1, 2)];
    expect(told(...gone)).toMatchObject([[HOST_A, { groups: [], members: [], changed: [] }]]);
    expect(told(...gone, updated(HOST_A, 4))).toEqual([]);
    expect(given(...gone, updated(HOST_A, 4)).state.hosts.size).toBe(0);
    const failure = { hostId: HOST_A, version: 4, code: 'c', message: 'm' };
    given(...gone)
      .when({ type: 'RecordHostNotUpdated', data: { ...failure, applied: 3, tries: 0 } })
      .then({ type: 'security-group.host-not-updated.v1', data: { ...failure, retryAt: null } });
  });
});
