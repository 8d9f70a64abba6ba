import { describeWhere } from '../support/describe-where';

import { DEMO, eventually } from './cloud';
import { HostsWithin, type Placed } from './hosts-within';
import { whyNoRealGuest } from './real-guests';

/** `./cairn up --hosts 2`: name spaces of one machine, each with a libvirt, an agent and guests of its own. */
describeWhere(whyNoRealGuest(), 'real hosts within this machine', () => {
  const cloud = new HostsWithin({
    firstPort: 21_800,
    cidr: '10.213.80.0/24',
    cidrV6: 'fd13:0:0:80::/64',
    bridge: 'brcairnin',
    within: { hosts: 2, bridge: 'cairnin', cidr: '172.31.213.0/24' },
  });
  let guests: readonly Placed[] = [];
  const ofHost = (host: string): Placed =>
    guests.find((guest) => guest.host === host) ?? { name: '', address: '', addressV6: '', host };

  beforeAll(async () => {
    await cloud.begin();
    guests = await cloud.launchApart('one', 'two');
  });
  afterAll(() => cloud.destroy());

  it('are hosts of the cloud like others, each with guests of its own', async () => {
    const hypervisors = await cloud.openstack<Record<string, unknown>[]>(['hypervisor', 'list']);
    expect(hypervisors.map((one) => [one['Hypervisor Hostname'], one['State']]).sort()).toEqual([
      ['host-1', 'up'],
      ['host-2', 'up'],
    ]);
    const { stdout } = await cloud.cairn('status');
    expect(stdout).not.toContain('filter nothing');
    for (const host of ['host-1', 'host-2']) {
      expect(stdout).toMatch(new RegExp(`^${host}: agent +runs`, 'm'));
      expect(stdout).toMatch(new RegExp(`^${host}: libvirtd +runs`, 'm'));
      expect(await cloud.within(ofHost(host), 'hostname')).toBe(`${ofHost(host).name}\n`);
    }
  });

  it('share a network: guests on different hosts reach each other, and each has its own gateway', async () => {
    const [one, two] = [ofHost('host-1'), ofHost('host-2')];
    for (const [from, to] of [
      [one, two],
      [two, one],
    ] as const)
      await cloud.within(from, `ping -c 1 -W 2 ${to.address}`);
    // what answers for the gateway is the bridge of the guest's own host
    for (const guest of [one, two]) {
      const { stdout } = await cloud.onHost(guest.host, 'cat', '/sys/class/net/brcairnin/address');
      const gateway = await cloud.within(guest, 'ip neigh show 10.213.80.1', (out) => /lladdr/.test(out));
      expect(gateway).toContain(stdout.trim());
    }
  });

  it('share its IPv6 addresses, which guests make of what their own host says', async () => {
    const [one, two] = [ofHost('host-1'), ofHost('host-2')];
    await cloud.does(
      ['security', 'group', 'rule', 'create', '--protocol', 'icmp', '--remote-ip', '::/0', 'default'],
      DEMO,
    );
    for (const [from, to] of [
      [one, two],
      [two, one],
    ] as const) {
      await cloud.within(from, 'ip -6 address show', (out) => out.includes(`${from.addressV6}/64`));
      await cloud.within(from, 'ping -6 -c 1 -W 2 fd13:0:0:80::1');
      await cloud.within(from, `ping -6 -c 1 -W 2 ${to.addressV6}`);
    }
  });

  it('filter by groups whose members are on other hosts, as they come and go [guide 98,101]', async () => {
    const [one, two] = [ofHost('host-1'), ofHost('host-2')];
    const does = (...args: readonly string[]): Promise<string> => cloud.does(args, DEMO);
    const ping = `ping -c 1 -W 2 ${two.address} > /dev/null && echo answers || echo silence`;
    const hears = (what: string): Promise<string> => cloud.within(one, ping, (out) => out.trim() === what);
    for (const group of ['inner', 'friends']) await does('security', 'group', 'create', group);
    await does('server', 'add', 'security', 'group', two.name, 'inner');
    await does('server', 'remove', 'security', 'group', two.name, 'default');
    await hears('silence');
    await does('security', 'group', 'rule', 'create', '--protocol', 'icmp', '--remote-group', 'friends', 'inner');
    await does('server', 'add', 'security', 'group', one.name, 'friends');
    await hears('answers');
    await does('server', 'remove', 'security', 'group', one.name, 'friends');
    await hears('silence');
    await does('server', 'add', 'security', 'group', two.name, 'default');
    await hears('answers');
  });

  it('come back with their guests after one of them has lost its power', async () => {
    const guest = ofHost('host-2');
    await cloud.within(guest, 'echo kept > /root/kept && sync && echo ok');
    cloud.cutPower('host-2');
    const { status } = await eventually(
      () => cloud.cairn('status'),
      ({ stdout }) => stdout.includes('host-2: is down'),
    );
    expect(status).toBe(3);
    await cloud.up();
    expect(await cloud.within(guest, 'cat /root/kept')).toBe('kept\n');
    await cloud.becomes(guest.name, 'ACTIVE');
    expect((await cloud.cairn('status')).status).toBe(0);
  });
});
