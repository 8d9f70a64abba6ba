import type { NetworkSpec } from '@cairn/host-protocol';

import { JobFailure } from '../../ports/errors';
import type { Port } from '../../ports/host-network.port';
import { instanceIdOf, networkOf, nicOf } from '../../testing/specs';

import { checkPort, checkTogether, networkFailure, overlaps } from './check-port';
import { formatAddress, netmaskOf, parseAddress, parseCidr } from './ipv4';
import { bridgeMac, tapName } from './names';

const port = (n: number, network: NetworkSpec = networkOf(1), over: Partial<Port['nic']> = {}): Port => ({
  instanceId: instanceIdOf(n),
  hostname: `vm-${String(n)}`,
  index: 0,
  nic: { ...nicOf(n, network), ...over },
});

/** What is thrown, or null. */
function refusal(check: () => void): unknown {
  try {
    check();
    return null;
  } catch (error) {
    return error;
  }
}

const refusalOf = (checked: Port): unknown =>
  refusal(() => {
    checkPort(checked);
  });

const refusalBeside = (checked: Port, others: readonly Port[]): unknown =>
  refusal(() => {
    checkTogether(checked, others);
  });

const saying = (text: string): object => ({ message: expect.stringContaining(text) as string });

describe('a port', () => {
  it('is accepted as the controller makes them', () => {
    expect(refusalOf(port(1))).toBeNull();
    expect(refusalOf(port(1, networkOf(1, { dns: ['192.0.2.1'], domain: 'a.example' })))).toBeNull();
    expect(refusalOf(port(1, networkOf(1, { domain: '' })))).toBeNull();
  });

  it.each<[string, Partial<NetworkSpec>]>([
    ['bridge', { bridge: 'br"; drop' }],
    ['bridge', { bridge: 'a-name-that-is-too-long' }],
    ['network for guests', { cidr: '10.251.1.0/31' }],
    ['network for guests', { cidr: '10.251.1.0' }],
    ['gateway', { gateway: '10.252.1.1' }],
    ['name server', { dns: ['1.2.3.4\nmalicious'] }],
    ['domain name', { domain: 'a b' }],
    ['domain name', { domain: 'a..b' }],
    ['MTU', { mtu: 100 }],
    ['id', { networkId: '../../etc' }],
  ])('is refused for its %s: %j', (what, over) => {
    expect(refusalOf(port(1, networkOf(1, over), { address: '10.251.1.2' }))).toMatchObject(saying(what));
  });

  it.each<[string, Partial<Port['nic']>]>([
    ['not an address for a guest', { address: '10.252.0.2' }],
    ['not an address for a guest', { address: '10.251.1.1' }],
    ['not an address for a guest', { address: '10.251.01.2' }],
    ['hardware address', { mac: 'fa:16:3e:00:00' }],
    ['hardware address', { mac: '01:00:5e:00:00:01' }],
  ])('is refused: %s, %j', (what, over) => {
    expect(refusalOf(port(1, networkOf(1), over))).toMatchObject(saying(what));
  });

  it('fails the job with a state that the tenant can see, and that another host may not share', () => {
    expect(networkFailure('why')).toMatchObject({ code: 'network.failed', permanent: false, message: 'why' });
    expect(refusalOf(port(1, networkOf(1, { mtu: 1 })))).toBeInstanceOf(JobFailure);
  });
});

describe('ports together', () => {
  it('may be the same one again, and others on the same and on other networks', () => {
    expect(refusalBeside(port(1), [port(1), port(2), port(3, networkOf(2))])).toBeNull();
  });

  it('may not share an address or a hardware address', () => {
    expect(refusalBeside(port(1, networkOf(1), { address: '10.251.1.3' }), [port(2)])).toMatchObject(
      saying(instanceIdOf(2)),
    );
    expect(
      refusalBeside(port(1, networkOf(1), { mac: nicOf(2, networkOf(1)).mac.toUpperCase() }), [port(2)]),
    ).toMatchObject(saying('hardware address of instance'));
  });

  it('may not be on networks that overlap, or that share a bridge', () => {
    const wide = networkOf(2, { cidr: '10.251.0.0/16', gateway: '10.251.2.1' });
    expect(refusalBeside(port(1, wide), [port(2)])).toMatchObject(saying('overlaps 10.251.1.0/24 of the network net1'));
    expect(refusalBeside(port(1, networkOf(2, { bridge: 'brt1' })), [port(2)])).toMatchObject(
      saying('belongs to the network net1'),
    );
  });
});

describe('IPv4 in numbers', () => {
  it('reads and writes addresses', () => {
    expect(formatAddress(parseAddress('255.254.253.252') ?? 0)).toBe('255.254.253.252');
    expect(['1.2.3', '1.2.3.256', '1.2.3.04', '', 'a.b.c.d'].map(parseAddress)).toEqual([null, null, null, null, null]);
  });

  it('reads blocks, also by an address inside', () => {
    expect(parseCidr('10.1.2.3/16')).toEqual({ first: parseAddress('10.1.0.0'), prefix: 16 });
    expect(parseCidr('0.0.0.0/0')).toEqual({ first: 0, prefix: 0 });
    expect(parseCidr('10.1.2.3')).toMatchObject({ prefix: 32 });
    expect(['10.0.0.0/33', '10.0.0.0/', '10.0.0.0/8/8', 'x/8'].map(parseCidr)).toEqual([null, null, null, null]);
    expect([0, 8, 26, 32].map(netmaskOf)).toEqual(['0.0.0.0', '255.0.0.0', '255.255.255.192', '255.255.255.255']);
  });

  it('sees blocks that overlap', () => {
    expect(overlaps('10.0.0.0/8', '10.251.1.0/24')).toBe(true);
    expect(overlaps('10.251.1.0/24', '10.251.1.9')).toBe(true);
    expect(overlaps('10.251.1.0/24', '10.251.2.0/24')).toBe(false);
    expect(overlaps('default', '10.251.2.0/24')).toBe(false);
  });
});

describe('names', () => {
  it('fit the kernel and tell NICs apart', () => {
    const names = [tapName(instanceIdOf(1), 0), tapName(instanceIdOf(1), 1), tapName(instanceIdOf(2), 0)];
    expect(new Set(names).size).toBe(3);
    for (const name of names) expect(name).toMatch(/^tap[0-9a-f]{11}$/);
  });

  it('give a bridge one address of its own, local and not of a group', () => {
    expect(bridgeMac('n1')).toMatch(/^02(:[0-9a-f]{2}){5}$/);
    expect(bridgeMac('n1')).toBe(bridgeMac('n1'));
    expect(bridgeMac('n1')).not.toBe(bridgeMac('n2'));
  });
});
