import { rm } from 'node:fs/promises';

import type { NetworkSpec } from '@cairn/host-protocol';

import { describeWhere } from '../../../../../test/support/describe-where';

import type { Port } from '../../ports/host-network.port';
import { eventually } from '../../testing/eventually';
import { instanceIdOf, networkOf, nicOf } from '../../testing/specs';
import { openDirectory } from '../testing/host-lab';
import { openTrunk, type SeenFrame, type Trunk } from '../testing/trunk';
import { buildParts, startUmlHost, type UmlHost, umlMissing } from '../testing/uml-host';

/** A VLAN, as the cloud makes the first of them: `vlan100` and `br100`. */
const vlanOf = (id: number): NetworkSpec =>
  networkOf(id, {
    bridge: `br${String(id)}`,
    cidr: `10.214.${String(id)}.0/24`,
    gateway: `10.214.${String(id)}.1`,
    interface: 'vec0',
    segment: { type: 'vlan', id },
  });

const portIn = (network: NetworkSpec, n: number): Port => ({
  instanceId: instanceIdOf(n),
  hostname: `vm-${String(n)}`,
  index: 0,
  nic: nicOf(n, network),
});

const [OURS, THEIRS] = [vlanOf(100), vlanOf(101)];
/** Guests of two projects: the first and the third are on the first host. */
const [one, two, three, four] = [portIn(OURS, 1), portIn(OURS, 2), portIn(THEIRS, 3), portIn(THEIRS, 4)] as const;
const hex = (mac: string): string => mac.replaceAll(':', '');

describeWhere(umlMissing, 'networks that are VLANs, between two hosts with kernels of their own', () => {
  let directory: string;
  let trunk: Trunk | undefined;
  let hosts: readonly [UmlHost, UmlHost];
  const started: UmlHost[] = [];

  const seen = (): readonly SeenFrame[] => trunk?.seen ?? [];
  beforeAll(async () => {
    directory = await openDirectory('cairn-uml-');
    const parts = await buildParts(directory);
    const { namespace, taps } = (trunk = await openTrunk(2));
    const start = async (tap = ''): Promise<UmlHost> => {
      const host = await startUmlHost(namespace, tap, parts);
      started.push(host);
      return host;
    };
    hosts = await Promise.all([start(taps[0]), start(taps[1])]);
  }, 300_000);

  afterAll(async () => {
    for (const host of started) await host.close();
    await trunk?.close();
    await rm(directory, { recursive: true, force: true });
  });

  it('carry the frames of each project under its own tag, to its own guests only, with a DHCP server each [guide 81,82,84]', async () => {
    const [here, there] = hosts;
    const plugged = async (host: UmlHost, ...ports: readonly Port[]): Promise<readonly (string | null)[]> => {
      const leases: (string | null)[] = [];
      for (const port of ports) leases.push(await host.plug(port));
      return leases;
    };
    expect(await Promise.all([plugged(here, one, three), plugged(there, two, four)])).toEqual([
      [one.nic.address, three.nic.address],
      [two.nic.address, four.nic.address],
    ]);
    // what keeps a host from routing between its networks are tables that this kernel does not have
    for (const host of hosts) await host.run('sysctl', '-q', '-w', 'net.ipv4.ip_forward=0');
    expect([await here.pings('vm-1', two.nic.address), await here.pings('vm-3', four.nic.address)]).toEqual([
      true,
      true,
    ]);
    for (const { nic } of [three, four]) expect(await here.pings('vm-1', nic.address)).toBe(false);
    for (const host of hosts) await host.run('sysctl', '-q', '-w', 'net.ipv4.ip_forward=1');
    const tagsOf = ({ nic }: Port): readonly (number | null)[] => [
      ...new Set(
        seen()
          .filter(({ from }) => from === nic.mac)
          .map(({ vlan }) => vlan),
      ),
    ];
    expect([one, two, three, four].map(tagsOf)).toEqual([[100], [100], [101], [101]]);
    expect(await here.wrong()).toEqual([]);
  }, 300_000);

  it('drop and count the tags that a guest sends itself [guide 79]', async () => {
    const [here, there] = hosts;
    const before = seen().length;
    const frames = ['81000065', '88a80065', '81000000', '8100006481000065'].map(
      (tags) => `${hex(four.nic.mac)}${hex(one.nic.mac)}${tags}0800`,
    );
    for (const frame of frames) await here.sendsFrame('vm-1', frame);
    expect(await here.dropped('VLAN tags')).toBe(frames.length);
    expect(await here.pings('vm-1', two.nic.address)).toBe(true);
    const sentTo = ({ nic: { mac } }: Port): readonly SeenFrame[] =>
      seen()
        .slice(before)
        .filter(({ from, to }) => from === one.nic.mac && to === mac);
    await eventually('the trunk has told of the ping, and of all before it', () => sentTo(two)[0]);
    expect(sentTo(four)).toEqual([]);
    expect(await there.dropped('VLAN tags')).toBe(0);
  }, 300_000);

  it('are mended where somebody has taken a device away, and seen as wrong until then [guide 114]', async () => {
    const [here] = hosts;
    await here.run('ip', 'link', 'delete', 'dev', 'vlan100');
    const lost = 'vlan100 is gone: guests of the network net100 do not reach other hosts.';
    expect(await here.wrong()).toEqual([lost]);
    expect(await here.pings('vm-1', two.nic.address)).toBe(false);
    await here.mend();
    expect(await here.wrong()).toEqual([]);
    expect(await here.pings('vm-1', two.nic.address)).toBe(true);
  }, 300_000);

  it('keep what is filtered of their guests while the interface to other hosts fails them', async () => {
    const [here] = hosts;
    await here.run('ip', 'link', 'set', 'dev', 'vec0', 'mtu', '1000');
    await here.mend();
    expect(await here.wrong()).toContain('vlan100 has the MTU 1000 instead of 1450.');
    await here.sendsFrame('vm-1', `${hex(four.nic.mac)}${hex(one.nic.mac)}810000650800`);
    expect(await here.dropped('VLAN tags')).toBe(1);
    const small = 'vec0 has the MTU 1000: too little for the network net100, which has the MTU 1450';
    expect(await here.refused(portIn(OURS, 8))).toBe(small);
    await here.run('ip', 'link', 'set', 'dev', 'vec0', 'mtu', '1500');
    await here.mend();
    expect(await here.wrong()).toEqual([]);
    expect(await here.pings('vm-1', two.nic.address)).toBe(true);
  }, 300_000);

  it('are refused where the host has no such interface, or one of that name for something else', async () => {
    const [here] = hosts;
    await here.run('ip', 'link', 'add', 'link', 'vec0', 'name', 'vlan102', 'type', 'vlan', 'id', '7');
    const taken = 'An interface vlan102 exists on this host and was not made for the network net102';
    expect(await here.refused(portIn(vlanOf(102), 5))).toBe(taken);
    const nowhere = 'There is no interface eth9 on this host for the network net103';
    expect(await here.refused(portIn({ ...vlanOf(103), interface: 'eth9' }, 6))).toBe(nowhere);
    expect(await here.run('ip', '-brief', 'link', 'show')).not.toMatch(/br10[23]|vlan103/);
    await here.run('ip', 'link', 'delete', 'dev', 'vlan102');
  }, 300_000);

  it('are refused with IPv6 addresses by a host whose kernel has none, which stands in the way of no other network', async () => {
    const [here] = hosts;
    const ipv6 = { cidr: 'fd13:0:0:68::/64', gateway: 'fd13:0:0:68::1', dns: [] };
    expect(await here.refused(portIn({ ...vlanOf(104), ipv6 }, 7))).toBe('The kernel of this host has no IPv6.');
    expect(await here.wrong()).toEqual([]);
  }, 300_000);

  it('leave a host with their last guest, each with its own [guide 70]', async () => {
    const [here] = hosts;
    await here.unplug(one);
    const left = await here.run('ip', '-brief', 'link', 'show');
    expect(left).not.toMatch(/br100|vlan100/);
    expect(left).toMatch(/br101[^]*vlan101@vec0|vlan101@vec0[^]*br101/);
    expect(await here.pings('vm-3', four.nic.address)).toBe(true);
  }, 300_000);
});
