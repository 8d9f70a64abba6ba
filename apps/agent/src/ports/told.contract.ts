import { isIPv4 } from 'node:net';

import type { HostNames, HostSecurity, NetworkPeers } from '@cairn/host-protocol';

import { instanceIdOf, nicOf } from '../testing/specs';

import type { HostNetworkHarness } from './host-network.contract';

/** What a host is told in versions: of that every `HostNetwork` keeps the newest. */
export function toldContract(harnessNow: () => HostNetworkHarness): void {
  describe('of what it is told in versions', () => {
    let harness: HostNetworkHarness;
    let network: HostNetworkHarness['network'];
    beforeEach(() => {
      harness = harnessNow();
      network = harness.network;
    });

    it('keeps the newest of what it was told of security groups, also in the next process of the agent', async () => {
      const project = instanceIdOf(71);
      const told = (version: number): HostSecurity => ({ version, groups: [], members: [], changed: [] });
      await network.applySecurity(project, told(2));
      await network.applySecurity(project, told(2));
      await network.applySecurity(project, told(1));
      expect(await harness.security()).toEqual(new Map([[project, told(2)]]));
      const reopened = await harness.reopen();
      await reopened.applySecurity(project, told(3));
      expect(await harness.security()).toEqual(new Map([[project, told(3)]]));
    });

    it('keeps the newest of what it was told of other hosts, also in the next process of the agent', async () => {
      const { networkId } = harness.networkSpec(1);
      const told = (version: number): NetworkPeers => ({ version, peers: [`192.0.2.${String(version)}`] });
      const address = await network.applyPeers(networkId, told(2));
      expect(isIPv4(address)).toBe(true);
      expect(await network.applyPeers(networkId, told(1))).toBe(address);
      expect(await harness.peers()).toEqual(new Map([[networkId, told(2)]]));
      const reopened = await harness.reopen();
      await reopened.applyPeers(networkId, told(3));
      expect(await harness.peers()).toEqual(new Map([[networkId, told(3)]]));
    });

    it('keeps the newest of the names that it was told, also in the next process of the agent', async () => {
      const told = (version: number): HostNames => ({
        version,
        names: [{ name: `www${String(version)}.example.org`, address: '203.0.113.9' }],
      });
      await network.applyNames(told(2));
      const port = { instanceId: instanceIdOf(1), hostname: 'vm-1', index: 0, nic: nicOf(1, harness.networkSpec(1)) };
      await network.ensurePort(port);
      await network.applyNames(told(1));
      expect(await harness.names()).toEqual(told(2));
      const reopened = await harness.reopen();
      const wrong = async (): Promise<readonly unknown[]> =>
        (await reopened.inspect()).filter(({ verdict }) => verdict === 'wrong');
      expect(await wrong()).toEqual([]);
      await reopened.applyNames(told(3));
      expect(await harness.names()).toEqual(told(3));
      expect(await wrong()).toEqual([]);
    });
  });
}
