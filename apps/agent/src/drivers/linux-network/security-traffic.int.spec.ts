import type { HostRule, HostSecurity } from '@cairn/host-protocol';

import { describeWhere } from '../../../../../test/support/describe-where';

import type { Port } from '../../ports/host-network.port';
import { instanceIdOf } from '../../testing/specs';
import { runCommand } from '../host-command';
import { connectionFrom, type Ear, type FakeGuest } from '../testing/fake-guest';
import { networkMissing, portOf, TEST_TABLE } from '../testing/network-lab';
import { trafficLab } from '../testing/traffic-lab';

const PROJECT = '00000000-0000-4000-8000-0000000000a1';
const [WEB, DB] = ['00000000-0000-4000-8000-0000000000b1', '00000000-0000-4000-8000-0000000000b2'] as const;

const ingress = (over: Partial<HostRule>): HostRule => ({
  direction: 'ingress',
  ethertype: 'IPv4',
  protocol: 'tcp',
  from: 7_100,
  to: 7_100,
  remote: null,
  ...over,
});
const EGRESS: HostRule = { ...ingress({}), direction: 'egress', protocol: null, from: null, to: null };

const guarded = (n: number, ...groups: readonly string[]): Port => ({
  ...portOf(n),
  guard: { projectId: PROJECT, groups, revision: 0 },
});

/** Real frames of guests in namespaces, through the rules of security groups. */
describeWhere(networkMissing, 'what security groups let pass on this Linux host', () => {
  const lab = trafficLab();
  let version = 0;

  const tell = (over: Partial<HostSecurity>): Promise<void> => {
    version += 1;
    return lab.host.network.applySecurity(PROJECT, { version, groups: [], members: [], changed: [], ...over });
  };
  const group = (groupId: string, ...rules: readonly HostRule[]) => ({ groupId, rules: [EGRESS, ...rules] });
  const listening = (guest: FakeGuest, address: string): Promise<Ear> => lab.listening(guest, { address, port: 7_100 });

  it('nothing but answers reaches a guest that nothing was opened for, from neighbours and its host alike [guide 98]', async () => {
    await tell({ groups: [group(WEB), group(DB)] });
    const [web, db] = [await lab.guest(guarded(1, WEB)), await lab.guest(guarded(2, DB))];
    const ear = await listening(web, '10.213.1.2');
    const open = await listening(db, '10.213.1.3');
    expect(await db.connects(ear)).toBe('silence');
    expect(await web.connects(open)).toBe('silence');
    expect(await connectionFrom(null, ear)).toBe('silence');
    expect(await web.pings('10.213.1.1')).toBe(true); // what a guest asks is answered
    expect(await web.pings('10.213.1.3')).toBe(false);
    expect(await db.lease()).toMatchObject({ ip: '10.213.1.3' });
    await tell({ groups: [group(WEB, ingress({ remote: { cidr: '10.213.1.3/32' } })), group(DB)] });
    expect(await db.connects(ear)).toBe('connected');
    expect(await connectionFrom(null, ear)).toBe('silence');
    await tell({ groups: [group(WEB, ingress({}), ingress({ protocol: 'icmp', from: 8, to: 0 })), group(DB)] });
    expect(await connectionFrom(null, ear)).toBe('connected');
    expect(await db.pings('10.213.1.2')).toBe(true);
    expect(await web.pings('10.213.1.3')).toBe(false);
    expect(await db.connects({ ...ear, port: 7_101 })).toBe('silence');
  });

  it('members of a group come and go while guests run, by one change of a set [guide 101]', async () => {
    const byDb = group(WEB, ingress({ remote: { groupId: DB } }));
    await tell({ groups: [byDb, group(DB)], members: [{ groupId: DB, addresses: [] }] });
    const [web, db] = [await lab.guest(guarded(1, WEB)), await lab.guest(guarded(2, DB))];
    const ear = await listening(web, '10.213.1.2');
    expect(await db.connects(ear)).toBe('silence');
    const handles = async (): Promise<string> =>
      (await runCommand('nft', ['-a', 'list', 'table', 'ip', TEST_TABLE])).replaceAll(
        /\s*elements = \{[^}]*\}|packets \d+ bytes \d+/g,
        '',
      );
    const before = await handles();
    await tell({ groups: [byDb, group(DB)], members: [{ groupId: DB, addresses: ['10.213.1.3', '10.213.9.9'] }] });
    expect(await db.connects(ear)).toBe('connected');
    await tell({ groups: [byDb, group(DB)], members: [{ groupId: DB, addresses: ['10.213.9.9'] }] });
    expect(await db.connects(ear)).toBe('silence');
    expect(await handles()).toBe(before); // no rule was made again
  });

  it('a server that changes its groups is told so once, and a port without groups is not filtered', async () => {
    await tell({ groups: [group(WEB, ingress({})), group(DB)] });
    const [web, db] = [await lab.guest(guarded(1, DB)), await lab.guest(portOf(2))];
    const ear = await listening(web, '10.213.1.2');
    const open = await listening(db, '10.213.1.3');
    expect(await web.connects(open)).toBe('connected');
    expect(await db.connects(ear)).toBe('silence');
    const changed = [{ instanceId: instanceIdOf(1), groups: [WEB], revision: 1 }];
    await tell({ groups: [group(WEB, ingress({})), group(DB)], changed });
    expect(await db.connects(ear)).toBe('connected');
    const reopened = await lab.host.reopen();
    await reopened.ensurePort(guarded(1, DB)); // as it was launched
    expect(await db.connects(ear)).toBe('connected');
    await tell({ changed: [{ instanceId: instanceIdOf(1), groups: [DB], revision: 2, unfiltered: true }] });
    expect(await db.connects(ear)).toBe('connected');
    await tell({ changed: [{ instanceId: instanceIdOf(1), groups: [], revision: 3 }] });
    expect(await db.connects(ear)).toBe('silence');
    expect(await web.connects(open)).toBe('silence');
  });

  it('an address outside that leads to a guest opens nothing, for the host and for others [guide 98]', async () => {
    await tell({ groups: [group(WEB), group(DB)] });
    const [web, db] = [await lab.guest(guarded(1, WEB)), await lab.guest(guarded(2, DB))];
    await listening(web, '10.213.1.2');
    const address = '203.0.113.7';
    const { networkId } = portOf(1).nic.network;
    const led = { address, interface: 'lo', networkId, fixedAddress: '10.213.1.2' };
    await lab.host.network.ensureFloatingIp({ id: instanceIdOf(101), instanceId: instanceIdOf(1), ...led });
    const outside = { address, port: 7_100 };
    expect(await connectionFrom(null, outside)).toBe('silence');
    expect(await db.connects(outside)).toBe('silence');
    await tell({ groups: [group(WEB, ingress({})), group(DB)] });
    expect(await connectionFrom(null, outside)).toBe('connected');
    expect(await db.connects(outside)).toBe('connected');
  });

  it('tables that somebody has taken away are whole again with the next change', async () => {
    await tell({ groups: [group(WEB)] });
    const [web, db] = [await lab.guest(guarded(1, WEB)), await lab.guest(portOf(2))];
    const ear = await listening(web, '10.213.1.2');
    await runCommand('nft', ['delete', 'table', 'ip', TEST_TABLE]);
    expect(await db.connects(ear)).toBe('connected');
    await lab.host.network.ensurePort(guarded(1, WEB));
    expect(await db.connects(ear)).toBe('silence');
  });
});
