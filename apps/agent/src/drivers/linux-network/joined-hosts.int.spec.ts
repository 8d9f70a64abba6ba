import type { NetworkSpec } from '@cairn/host-protocol';

import { describeWhere } from '../../../../../test/support/describe-where';

import type { FloatingIp, Port } from '../../ports/host-network.port';
import { instanceIdOf, nicOf } from '../../testing/specs';
import { connectionFrom, FakeGuest } from '../testing/fake-guest';
import { ip, networkMissing, portOf, testNetwork } from '../testing/network-lab';
import { besideAnother, OUTSIDE, trafficLab } from '../testing/traffic-lab';

import { bridgeMac } from './names';

/** The interface of this host on the wire between hosts. */
const NIC = 'cairnwire';
const joined: NetworkSpec = { ...testNetwork(1), interface: NIC };
const oneGateway: NetworkSpec = { ...joined, gatewayHosts: 'one' };
const portIn = (spec: NetworkSpec, n: number): Port => ({ ...portOf(n), nic: nicOf(n, spec) });

/** Real frames between guests of this host and one behind a wire: what another host is to it. */
describeWhere(networkMissing, 'a network that an interface of this Linux host joins with others', () => {
  const lab = trafficLab();
  const wires: FakeGuest[] = [];
  beforeEach(() => ip('link', 'add', 'name', NIC, 'type', 'veth', 'peer', 'name', 'cairnwirepeer'));
  afterEach(async () => {
    for (const wire of wires.splice(0)) await wire.close();
    await ip('link', 'delete', 'dev', NIC).catch(() => undefined);
  });

  /** The n-th guest, on another host: all that this one sees of it is the wire. */
  async function elsewhere(n: number, bare = false): Promise<FakeGuest> {
    const guest = await FakeGuest.behind(NIC, portOf(n), 'cairntest-far');
    wires.push(guest);
    if (!bare) await guest.configure(portOf(n).nic.address, 24, joined.gateway);
    return guest;
  }
  const wrong = async () => (await lab.host.network.inspect()).filter(({ verdict }) => verdict !== 'right');

  /** Makes this host the gateway of the network, with the n-th guest elsewhere; or takes it from it. */
  function appoint(version: number, n: number | null): Promise<string> {
    const { address, mac } = portOf(n ?? 1).nic;
    const guests = [{ instanceId: instanceIdOf(n ?? 1), hostname: `vm-${String(n)}`, address, mac }];
    const gateway = n === null ? {} : { gateway: { network: oneGateway, guests } };
    return lab.host.network.applyPeers(joined.networkId, { version, peers: [], ...gateway });
  }

  it('carries guests to those of other hosts, each by the gateway of its own host [guide 67,68,69]', async () => {
    const far = await elsewhere(5);
    const near = await lab.guest(portIn(joined, 1));
    expect(await near.pings(portOf(5).nic.address)).toBe(true);
    expect(await near.pings(joined.gateway)).toBe(true);
    expect(await far.pings(joined.gateway)).toBe(false); // its own host has that address, too
    expect(await ip('-details', 'link', 'show', 'dev', NIC)).toMatch(/PROMISC.*master cairntest1/s);
    expect(await wrong()).toEqual([]);
    await ip('link', 'set', 'dev', NIC, 'nomaster');
    expect(await wrong()).toMatchObject([{ topic: 'bridge-interface', name: NIC, verdict: 'wrong' }]);
    await lab.host.network.mend();
    expect(await wrong()).toEqual([]);
    expect(await near.pings(portOf(5).nic.address)).toBe(true);
    await lab.host.network.removePorts(instanceIdOf(1));
    expect(await ip('-details', 'link', 'show', 'dev', NIC)).not.toMatch(/PROMISC|master cairntest1/);
  });

  it('refuses an interface that is not there, or that has an address of the host', async () => {
    const missing = lab.host.network.ensurePort(portIn({ ...joined, interface: 'cairntestnone' }, 1));
    await expect(missing).rejects.toThrow(/^This host has no interface cairntestnone/);
    await ip('address', 'add', '10.213.9.1/24', 'dev', NIC);
    const busy = lab.host.network.ensurePort(portIn(joined, 1));
    await expect(busy).rejects.toThrow(/^cairnwire has the address 10\.213\.9\.1\/24/);
    expect(await lab.host.taps()).toEqual([]);
  });

  it('leads guests of all hosts out where this one is the gateway, and gives them their leases [guide 71,80]', async () => {
    const far = await elsewhere(5, true);
    const near = await lab.guest(portIn(oneGateway, 1));
    expect(await near.pings(oneGateway.gateway)).toBe(false);
    await appoint(1, 5);
    expect(await far.lease()).toMatchObject({
      ip: portOf(5).nic.address,
      router: oneGateway.gateway,
      hostname: 'vm-5',
    });
    await far.configure(portOf(5).nic.address, 24, oneGateway.gateway);
    await besideAnother(async () => {
      await ip('-n', 'cairntest-out', 'route', 'add', '203.0.113.0/24', 'dev', 'eth0');
      for (const guest of [far, near]) expect(await guest.pings(OUTSIDE)).toBe(true);
      const floating: FloatingIp = {
        id: instanceIdOf(101),
        address: '203.0.113.7',
        interface: 'cairntestout',
        instanceId: instanceIdOf(5),
        networkId: oneGateway.networkId,
        fixedAddress: portOf(5).nic.address,
      };
      await lab.host.network.ensureFloatingIp(floating);
      const ear = await lab.listening(far, { address: portOf(5).nic.address, port: 7_100 });
      expect(await connectionFrom('cairntest-out', { address: floating.address, port: ear.port })).toBe('connected');
      await appoint(2, null);
      expect(await connectionFrom('cairntest-out', { address: floating.address, port: ear.port })).not.toBe(
        'connected',
      );
      for (const guest of [far, near]) expect(await guest.pings(OUTSIDE)).toBe(false);
    });
    expect(await near.pings(portOf(5).nic.address)).toBe(true); // guests still reach each other
    expect(await far.lease()).toBeNull();
    expect(await ip('route', 'show', oneGateway.cidr)).toBe('');
    expect(await wrong()).toEqual([]);
  });

  it('goes on leading its own guests out when another host is gone [guide 72]', async () => {
    const far = await elsewhere(5);
    const near = await lab.guest(portIn(joined, 1));
    await besideAnother(async () => {
      expect(await near.pings(portOf(5).nic.address)).toBe(true);
      await far.inside('ip', 'link', 'set', 'dev', 'eth0', 'down');
      expect(await near.pings(portOf(5).nic.address)).toBe(false);
      expect(await near.pings(OUTSIDE)).toBe(true);
    });
  });

  it('has no way out while the one gateway is gone, until another host is it [guide 71]', async () => {
    const far = await elsewhere(5, true);
    await far.wear(bridgeMac(oneGateway.networkId)); // the gateway of all, on another host
    await far.inside('ip', 'address', 'add', `${oneGateway.gateway}/24`, 'dev', 'eth0');
    const [near, other] = [await lab.guest(portIn(oneGateway, 1)), await lab.guest(portIn(oneGateway, 2))];
    expect(await near.pings(oneGateway.gateway)).toBe(true);
    await far.inside('ip', 'link', 'set', 'dev', 'eth0', 'down');
    expect(await near.pings(oneGateway.gateway)).toBe(false);
    expect(await near.pings(portOf(2).nic.address)).toBe(true);
    await appoint(1, 1);
    await besideAnother(async () => {
      for (const guest of [near, other]) expect(await guest.pings(OUTSIDE)).toBe(true);
    });
    await appoint(2, null);
    await far.inside('ip', 'link', 'set', 'dev', 'eth0', 'up');
    expect(await near.pings(oneGateway.gateway)).toBe(true);
  });

  it('uses the bridge that an administrator has made, and leaves it as it was [guide 74]', async () => {
    const flat: NetworkSpec = { ...testNetwork(1), gatewayHosts: 'none', dhcp: false };
    await ip('link', 'add', 'name', flat.bridge, 'type', 'bridge');
    try {
      await ip('link', 'set', 'dev', flat.bridge, 'up');
      const far = await elsewhere(5);
      await ip('link', 'set', 'dev', NIC, 'master', flat.bridge, 'up');
      const near = await lab.guest(portIn(flat, 1));
      expect(await near.pings(portOf(5).nic.address)).toBe(true);
      expect(await far.pings(portOf(1).nic.address)).toBe(true);
      expect([await near.lease(), await lab.host.network.tend(), await wrong()]).toEqual([null, [], []]);
      await lab.host.network.removePorts(instanceIdOf(1));
      expect(await ip('link', 'show', 'dev', flat.bridge)).toContain('UP');
      expect(await ip('link', 'show', 'dev', NIC)).toContain(`master ${flat.bridge}`);
    } finally {
      await ip('link', 'delete', 'dev', flat.bridge);
    }
  });
});
