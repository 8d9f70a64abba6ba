import { describeWhere } from '../../../../../test/support/describe-where';

import type { FloatingIp } from '../../ports/host-network.port';
import { eventually } from '../../testing/eventually';
import { instanceIdOf } from '../../testing/specs';
import { connectionFrom, datagramFrom, type Ear, type FakeGuest } from '../testing/fake-guest';
import { ip, networkMissing, portOf } from '../testing/network-lab';
import { besideAnother, HERE, OUTSIDE, readFrom, trafficLab } from '../testing/traffic-lab';

/** The k-th address outside, which leads to the n-th guest on the m-th network. */
const floatingIp = (k: number, n: number, m = 1): FloatingIp => ({
  id: instanceIdOf(100 + k),
  address: `203.0.113.${String(6 + k)}`,
  interface: 'cairntestout',
  instanceId: instanceIdOf(n),
  networkId: portOf(n, m).nic.network.networkId,
  fixedAddress: portOf(n, m).nic.address,
});

describeWhere(networkMissing, 'addresses outside that lead to guests of this Linux host', () => {
  const lab = trafficLab();
  const guestOf = (n: number, m = 1): Promise<FakeGuest> => lab.guest(portOf(n, m));

  const FLOATING = '203.0.113.7';
  const lead = (k: number, n: number, m = 1): Promise<void> => lab.host.network.ensureFloatingIp(floatingIp(k, n, m));
  /** Another machine that believes the addresses to be on its own wire: it asks for them by ARP. */
  const outside = (work: () => Promise<void>): Promise<void> =>
    besideAnother(async () => {
      await ip('-n', 'cairntest-out', 'route', 'add', '203.0.113.0/24', 'dev', 'eth0');
      await work();
    });
  const ear = (guest: FakeGuest, n: number, m = 1): Promise<Ear> =>
    lab.listening(guest, { address: portOf(n, m).nic.address, port: 7_100 });
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
      await lab.host.network.removeFloatingIp(instanceIdOf(101));
      expect(await reached(FLOATING)).not.toBe('connected');
    });
  });

  it('tells the neighbours of an address that has come here from another host [guide 104]', async () => {
    await guestOf(1);
    await outside(async () => {
      const former = ['02:00:00:00:00:99', 'dev', 'eth0', 'nud', 'reachable'];
      await ip('-n', 'cairntest-out', 'neighbour', 'replace', FLOATING, 'lladdr', ...former);
      const [link] = JSON.parse(await ip('-json', 'link', 'show', 'dev', 'cairntestout')) as { address: string }[];
      await lead(1, 1);
      await eventually('the neighbour has learnt of the move', async () => {
        const known = await ip('-n', 'cairntest-out', 'neighbour', 'show', FLOATING);
        return known.includes(link?.address ?? 'no link') ? true : undefined;
      });
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
      const send = (text: string, port: number, address: string): Promise<void> =>
        datagramFrom('cairntest-out', text, { address: OUTSIDE, port }, { address, port: 7_100 });
      await send('before', 5_000, FLOATING);
      await eventually('the datagram arrives', () => (first.heard.includes('before') ? true : undefined));
      await lab.host.network.removeFloatingIp(instanceIdOf(101));
      await ip('address', 'add', `${FLOATING}/32`, 'dev', 'cairntestout'); // it gets as far as the host
      await send('after', 5_000, FLOATING);
      await lead(2, 1);
      await send('last', 5_001, '203.0.113.8');
      await eventually('the last datagram arrives', () => (first.heard.includes('last') ? true : undefined));
      expect(first.heard).toEqual(['before', 'last']);
    });
  });

  it('refuses an address that is the host’s own, and an interface that it has not', async () => {
    await guestOf(1);
    await besideAnother(async () => {
      const own = { ...floatingIp(1, 1), address: HERE };
      await expect(lab.host.network.ensureFloatingIp(own)).rejects.toThrow(`${HERE} is an address of this host itself`);
      const elsewhere = { ...floatingIp(1, 1), interface: 'cairntestno' };
      await expect(lab.host.network.ensureFloatingIp(elsewhere)).rejects.toThrow('Interface cairntestno not found.');
    });
  });
});
