import { describeWhere } from '../../../../../test/support/describe-where';

import type { FloatingIp } from '../../ports/host-network.port';
import { eventually } from '../../testing/eventually';
import { instanceIdOf } from '../../testing/specs';
import { connectionFrom, type Ear, type FakeGuest, SEND_DATAGRAM } from '../testing/fake-guest';
import {
  ip,
  type LinuxHarness,
  linuxNetworkHarness,
  networkMissing,
  portOf,
  restoreForwarding,
} from '../testing/network-lab';
import { besideAnother, HERE, OUTSIDE, pluggedGuest, readFrom } from '../testing/traffic-lab';

const FLOATING_TO_1: FloatingIp = {
  id: instanceIdOf(101),
  address: '203.0.113.7',
  interface: 'cairntestout',
  instanceId: instanceIdOf(1),
  networkId: portOf(1).nic.network.networkId,
  fixedAddress: portOf(1).nic.address,
};

describeWhere(networkMissing, 'addresses outside that lead to guests of this Linux host', () => {
  restoreForwarding();
  let host: LinuxHarness;
  const guests: FakeGuest[] = [];
  beforeEach(async () => {
    host = await linuxNetworkHarness();
  });
  afterEach(async () => {
    for (const guest of guests.splice(0)) await guest.close();
    await host.close();
    expect(await host.leftBehind()).toEqual([]);
  });
  const guestOf = (n: number, m = 1): Promise<FakeGuest> => pluggedGuest(host, guests, portOf(n, m));

  const FLOATING = '203.0.113.7';
  /** The k-th address outside leads to the n-th guest on the m-th network. */
  const lead = (k: number, n: number, m = 1): Promise<void> =>
    host.network.ensureFloatingIp({
      id: instanceIdOf(100 + k),
      address: `203.0.113.${String(6 + k)}`,
      interface: 'cairntestout',
      instanceId: instanceIdOf(n),
      networkId: portOf(n, m).nic.network.networkId,
      fixedAddress: portOf(n, m).nic.address,
    });
  /** Another machine that believes the addresses to be on its own wire: it asks for them by ARP. */
  const outside = (work: () => Promise<void>): Promise<void> =>
    besideAnother(async () => {
      await ip('-n', 'cairntest-out', 'route', 'add', '203.0.113.0/24', 'dev', 'eth0');
      await work();
    });
  const ears: Ear[] = [];
  afterEach(() => {
    for (const each of ears.splice(0)) each.close();
  });
  const ear = async (guest: FakeGuest, n: number, m = 1): Promise<Ear> => {
    const one = await guest.listens({ address: portOf(n, m).nic.address, port: 7_100 });
    ears.push(one);
    return one;
  };
  const reached = (address: string, port = 7_100): Promise<string> =>
    connectionFrom('cairntest-out', { address, port });

  it('leads an address outside to its guest, which speaks under it, until it leads elsewhere [guide 105,106]', async () => {
    const [one, two] = [await guestOf(1), await guestOf(2)];
    await ear(one, 1);
    await outside(async () => {
      await lead(1, 1);
      expect(await reached(FLOATING)).toBe('connected');
      expect(await one.pings(OUTSIDE)).toBe(true);
      await ip('netns', 'exec', 'cairntest-out', 'ip', 'route', 'flush', '203.0.113.0/24');
      expect(await one.pings(OUTSIDE)).toBe(false); // it speaks under the address that has no way back now
      await ip('-n', 'cairntest-out', 'route', 'add', '203.0.113.0/24', 'dev', 'eth0');
      await lead(1, 2);
      expect(await reached(FLOATING)).toBe('refused'); // the second guest answers, where nobody listens
      await ear(two, 2);
      expect(await reached(FLOATING)).toBe('connected');
      await host.network.removeFloatingIp(instanceIdOf(101));
      expect(await reached(FLOATING)).not.toBe('connected');
    });
  });

  it('lets guests reach each other, and the host them, by addresses outside, but none itself [guide 107]', async () => {
    const [one, two, other] = [await guestOf(1), await guestOf(2), await guestOf(3, 2)];
    await ear(one, 1);
    await ear(two, 2);
    await ear(other, 3, 2);
    await outside(async () => {
      await lead(1, 1);
      await lead(2, 3, 2);
      const [here, there] = [
        { address: FLOATING, port: 7_100 },
        { address: '203.0.113.8', port: 7_100 },
      ];
      expect(await two.connects(here)).toBe('connected'); // in its own network, by a guest without such an address
      expect(await one.connects(here)).toBe('silence'); // not by itself: as the guide says
      expect(await other.connects(here)).toBe('connected'); // from another network
      expect(await one.connects(there)).toBe('connected');
      expect(await two.connects(there)).toBe('connected');
      expect(await readFrom(here)).toBe('hello from the guest');
      expect(await one.pings('10.213.2.4')).toBe(false); // the networks are apart as ever
    });
  });

  it('ends a connection by an address that leads elsewhere, or nowhere, by now', async () => {
    const [one] = [await guestOf(1), await guestOf(2)];
    const first = await ear(one, 1);
    await outside(async () => {
      await lead(1, 1);
      const send = (text: string): Promise<string> =>
        ip(
          'netns',
          'exec',
          'cairntest-out',
          process.execPath,
          '-e',
          SEND_DATAGRAM,
          text,
          OUTSIDE,
          FLOATING,
          '5000',
          '7100',
        );
      await send('before');
      await eventually('the datagram arrives', () => (first.heard.includes('before') ? true : undefined));
      await host.network.removeFloatingIp(instanceIdOf(101));
      await ip('address', 'add', `${FLOATING}/32`, 'dev', 'cairntestout'); // it gets as far as the host
      await send('after');
      await lead(2, 1);
      const direct = ['203.0.113.8', '5001', '7100'];
      await ip('netns', 'exec', 'cairntest-out', process.execPath, '-e', SEND_DATAGRAM, 'last', OUTSIDE, ...direct);
      await eventually('the last datagram arrives', () => (first.heard.includes('last') ? true : undefined));
      expect(first.heard).toEqual(['before', 'last']);
    });
  });

  it('refuses an address that is the host’s own, and an interface that it has not', async () => {
    await guestOf(1);
    await besideAnother(async () => {
      const own = { ...FLOATING_TO_1, address: HERE };
      await expect(host.network.ensureFloatingIp(own)).rejects.toThrow(`${HERE} is an address of this host itself`);
      const elsewhere = { ...FLOATING_TO_1, interface: 'cairntestno' };
      await expect(host.network.ensureFloatingIp(elsewhere)).rejects.toThrow('Interface cairntestno not found.');
    });
  });
});
