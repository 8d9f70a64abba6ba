import type { HostRule, HostSecurity } from '@cairn/host-protocol';

import { describeWhere } from '../../../../../test/support/describe-where';

import type { Port } from '../../ports/host-network.port';
import { instanceIdOf } from '../../testing/specs';
import { runCommand } from '../host-command';
import { connectionFrom, type Ear, FakeGuest } from '../testing/fake-guest';
import {
  type LinuxHarness,
  linuxNetworkHarness,
  networkMissing,
  portOf,
  restoreForwarding,
  TEST_TABLE,
} from '../testing/network-lab';

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
  restoreForwarding();
  let host: LinuxHarness;
  let version = 0;
  const guests: FakeGuest[] = [];
  const ears: Ear[] = [];
  beforeEach(async () => {
    host = await linuxNetworkHarness();
  });
  afterEach(async () => {
    for (const ear of ears.splice(0)) ear.close();
    for (const guest of guests.splice(0)) await guest.close();
    await host.close();
    expect(await host.leftBehind()).toEqual([]);
  });

  async function guestOf(port: Port, name: string): Promise<FakeGuest> {
    const { tap } = await host.network.ensurePort(port);
    const guest = await FakeGuest.behind(tap, port, `cairntest-${name}`);
    guests.push(guest);
    await host.network.ensurePort(port);
    await guest.configure(port.nic.address, 24, port.nic.network.gateway);
    return guest;
  }
  const tell = (over: Partial<HostSecurity>): Promise<void> => {
    version += 1;
    return host.network.applySecurity(PROJECT, { version, groups: [], members: [], changed: [], ...over });
  };
  const group = (groupId: string, ...rules: readonly HostRule[]) => ({ groupId, rules: [EGRESS, ...rules] });
  async function listening(guest: FakeGuest, address: string, port = 7_100): Promise<Ear> {
    const ear = await guest.listens({ address, port });
    ears.push(ear);
    return ear;
  }

  it('nothing but answers reaches a guest that nothing was opened for, from neighbours and its host alike [guide 98]', async () => {
    await tell({ groups: [group(WEB), group(DB)] });
    const [web, db] = [await guestOf(guarded(1, WEB), 'web'), await guestOf(guarded(2, DB), 'db')];
    const ear = await listening(web, '10.213.1.2');
    const open = await listening(db, '10.213.1.3');
    expect(await db.connects(ear)).toBe('silence');
    expect(await connectionFrom('cairntest-web', open)).toBe('silence');
    expect(await runCommand(process.execPath, ['-e', CONNECT_HERE, ear.address, String(ear.port)])).toBe('silence\n');
    expect(await web.pings('10.213.1.1')).toBe(true); // what a guest asks is answered
    expect(await web.pings('10.213.1.3')).toBe(false);
    expect(await db.lease()).toMatchObject({ ip: '10.213.1.3' });
    await tell({ groups: [group(WEB, ingress({ remote: { cidr: '10.213.1.3/32' } })), group(DB)] });
    expect(await db.connects(ear)).toBe('connected');
    expect(await runCommand(process.execPath, ['-e', CONNECT_HERE, ear.address, String(ear.port)])).toBe('silence\n');
    await tell({ groups: [group(WEB, ingress({}), ingress({ protocol: 'icmp', from: 8, to: 0 })), group(DB)] });
    expect(await runCommand(process.execPath, ['-e', CONNECT_HERE, ear.address, String(ear.port)])).toBe('connected\n');
    expect(await db.pings('10.213.1.2')).toBe(true);
    expect(await web.pings('10.213.1.3')).toBe(false);
    expect(await db.connects({ ...ear, port: 7_101 })).toBe('silence');
  });

  it('members of a group come and go while guests run, by one change of a set [guide 101]', async () => {
    const byDb = group(WEB, ingress({ remote: { groupId: DB } }));
    await tell({ groups: [byDb, group(DB)], members: [{ groupId: DB, addresses: [] }] });
    const [web, db] = [await guestOf(guarded(1, WEB), 'web'), await guestOf(guarded(2, DB), 'db')];
    const ear = await listening(web, '10.213.1.2');
    expect(await db.connects(ear)).toBe('silence');
    const handles = async (): Promise<string> =>
      (await runCommand('nft', ['-a', 'list', 'table', 'ip', TEST_TABLE])).replaceAll(/\s*elements = \{[^}]*\}/g, '');
    const before = await handles();
    await tell({ groups: [byDb, group(DB)], members: [{ groupId: DB, addresses: ['10.213.1.3', '10.213.9.9'] }] });
    expect(await db.connects(ear)).toBe('connected');
    await tell({ groups: [byDb, group(DB)], members: [{ groupId: DB, addresses: ['10.213.9.9'] }] });
    expect(await db.connects(ear)).toBe('silence');
    expect(await handles()).toBe(before); // no rule was made again
  });

  it('a server that changes its groups is told so once, and a port without groups is not filtered', async () => {
    await tell({ groups: [group(WEB, ingress({})), group(DB)] });
    const [web, db] = [await guestOf(guarded(1, DB), 'web'), await guestOf(portOf(2), 'db')];
    const ear = await listening(web, '10.213.1.2');
    const open = await listening(db, '10.213.1.3');
    expect(await web.connects(open)).toBe('connected');
    expect(await db.connects(ear)).toBe('silence');
    const changed = [{ instanceId: instanceIdOf(1), groups: [WEB], revision: 1 }];
    await tell({ groups: [group(WEB, ingress({})), group(DB)], changed });
    expect(await db.connects(ear)).toBe('connected');
    const reopened = await host.reopen();
    await reopened.ensurePort(guarded(1, DB)); // as it was launched
    expect(await db.connects(ear)).toBe('connected');
    await tell({ changed: [{ instanceId: instanceIdOf(1), groups: [DB], revision: 2, unfiltered: true }] });
    expect(await db.connects(ear)).toBe('connected');
    await tell({ changed: [{ instanceId: instanceIdOf(1), groups: [], revision: 3 }] });
    expect(await db.connects(ear)).toBe('silence');
    expect(await web.connects(open)).toBe('silence');
  });

  it('tables that somebody has taken away are whole again with the next change', async () => {
    await tell({ groups: [group(WEB)] });
    const [web, db] = [await guestOf(guarded(1, WEB), 'web'), await guestOf(portOf(2), 'db')];
    const ear = await listening(web, '10.213.1.2');
    await runCommand('nft', ['delete', 'table', 'ip', TEST_TABLE]);
    expect(await db.connects(ear)).toBe('connected');
    await host.network.ensurePort(guarded(1, WEB));
    expect(await db.connects(ear)).toBe('silence');
  });
});

/** Prints what becomes of a connection from the host itself. */
const CONNECT_HERE = `
  const [host, port] = process.argv.slice(1);
  const socket = require('node:net').connect({ host, port: Number(port) });
  const end = (made) => { console.log(made); process.exit(0); };
  socket.once('connect', () => end('connected')).once('error', () => end('refused'));
  setTimeout(() => end('silence'), 1000);
`;
