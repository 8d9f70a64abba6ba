import type { NetworkSpec } from '@cairn/host-protocol';

import { instanceIdOf, nicOf } from '../testing/specs';

import type { HostNetworkHarness } from './host-network.contract';
import type { Finding, FloatingIp, HostNetwork, Port } from './host-network.port';

/** What a `HostNetwork` keeps where not each host is the gateway of its guests. One harness per test. */
export function hostGatewayContract(name: string, make: () => Promise<HostNetworkHarness>): void {
  describe(`${name} keeps the HostNetwork contract of gateways`, () => {
    let harness: HostNetworkHarness;
    let network: HostNetwork;
    beforeEach(async () => {
      harness = await make();
      network = harness.network;
    });
    afterEach(() => harness.close());

    const ids = async (): Promise<readonly string[]> => (await network.networks()).map((spec) => spec.networkId);
    const carried = async (): Promise<readonly (readonly [string, string])[]> => [...(await harness.floating())].sort();
    const wrong = async (of: HostNetwork = network): Promise<readonly Finding[]> =>
      (await of.inspect()).filter(({ verdict }) => verdict === 'wrong');

    /** The first network with other gateways than each host. */
    const network1 = (over: Partial<NetworkSpec>): NetworkSpec => ({ ...harness.networkSpec(1), ...over });
    const portIn = (spec: NetworkSpec, n: number): Port => ({
      instanceId: instanceIdOf(n),
      hostname: `vm-${String(n)}`,
      index: 0,
      nic: nicOf(n, spec),
    });
    /** An address outside that leads to the n-th guest. */
    const floating = (n: number): FloatingIp => ({
      id: instanceIdOf(101),
      address: '203.0.113.1',
      interface: harness.outside,
      instanceId: instanceIdOf(n),
      networkId: network1({}).networkId,
      fixedAddress: nicOf(n, network1({})).address,
    });
    const leads = (n: number): [string, string] => [floating(n).address, floating(n).fixedAddress];
    /** Tells the host to be the one gateway of the first network, for its n-th guest, or not. */
    async function appoint(version: number, n: number | null): Promise<void> {
      const spec = network1({ gatewayHosts: 'one' });
      const guests =
        n === null ? [] : [{ instanceId: instanceIdOf(n), hostname: `vm-${String(n)}`, ...nicOf(n, spec) }];
      const plain = guests.map(({ instanceId, hostname, address, mac }) => ({ instanceId, hostname, address, mac }));
      const gateway = n === null ? {} : { gateway: { network: spec, guests: plain } };
      await network.applyPeers(spec.networkId, { version, peers: [], ...gateway });
    }

    it('is the one gateway of a network for guests elsewhere while it is told so, also without a port [guide 71]', async () => {
      await network.ensureFloatingIp(floating(5));
      await appoint(1, 5);
      expect(await network.networks()).toEqual([network1({ gatewayHosts: 'one' })]);
      expect([await carried(), await harness.taps()]).toEqual([[leads(5)], []]);
      expect(await wrong(await harness.reopen())).toEqual([]);
      await appoint(2, null);
      expect([await ids(), await carried()]).toEqual([[], []]);
      expect(await wrong()).toEqual([]);
    });

    it('is not the gateway of the guests that it has, unless it is told so [guide 71]', async () => {
      await network.ensureFloatingIp(floating(1));
      await network.ensurePort(portIn(network1({ gatewayHosts: 'one' }), 1));
      expect([await harness.taps(), await ids(), await carried()]).toEqual([[expect.any(String)], [], []]);
      await appoint(1, 1);
      expect([await ids(), await carried()]).toEqual([[network1({}).networkId], [leads(1)]]);
      await appoint(2, null);
      expect([await ids(), await carried()]).toEqual([[], []]);
      expect([(await harness.taps()).length, await wrong()]).toEqual([1, []]);
      await network.removePorts(instanceIdOf(1));
      expect(await harness.taps()).toEqual([]);
    });

    it('plugs guests into a network whose gateway is somebody else’s, and serves them nothing [guide 74]', async () => {
      const { mac } = await network.ensurePort(portIn(network1({ gatewayHosts: 'none', dhcp: false }), 1));
      expect([mac, await ids(), (await harness.taps()).length]).toEqual([nicOf(1, network1({})).mac, [], 1]);
      expect([await network.tend(), await wrong()]).toEqual([[], []]);
    });
  });
}
