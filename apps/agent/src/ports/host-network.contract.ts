import type { HostNames, HostSecurity, NetworkPeers, NetworkSpec } from '@cairn/host-protocol';

import { instanceIdOf, nicOf } from '../testing/specs';

import type { Finding, FloatingIp, HostNetwork, Port } from './host-network.port';
import { type Damage, DAMAGES } from './network-damages';
import { toldContract } from './told.contract';

const KINDS = Object.keys(DAMAGES) as readonly Damage[];

export interface HostNetworkHarness {
  readonly network: HostNetwork;
  /** The n-th network that this host may make (from 1); the same for the same n. The second has IPv6 addresses, too. */
  networkSpec(n: number): NetworkSpec;
  /** Taps of Cairn's that exist on the host now, by whatever the host itself says. */
  taps(): Promise<readonly string[]>;
  /** What is kept of security groups, by project. */
  security(): Promise<ReadonlyMap<string, HostSecurity>>;
  /** The addresses outside that the host answers for now, each with the one that it leads to, as the host itself says. */
  floating(): Promise<ReadonlyMap<string, string>>;
  /** An interface of this host on which it may answer for addresses; null for that which leads it out. */
  readonly outside: string | null;
  /** What is kept of the other hosts of networks, by network. */
  peers(): Promise<ReadonlyMap<string, NetworkPeers>>;
  /** What is kept of the names that guests may ask for beside each other's. */
  names(): Promise<HostNames | undefined>;
  /** Why this host makes no network that is a VLAN on an interface that it does not have; null where it makes one. */
  readonly noVlan: RegExp | null;
  /** Does that to the first network, or the second where it is about IPv6 addresses, to the port of its first guest, or to the first floating IP, which leads there. */
  damage(kind: Damage): Promise<void>;
  /** The driver as a new agent process would open it on the same host. */
  reopen(): Promise<HostNetwork>;
  close(): Promise<void>;
}

/** Every `HostNetwork` keeps this. One harness per test. */
export function hostNetworkContract(name: string, make: () => Promise<HostNetworkHarness>): void {
  describe(`${name} keeps the HostNetwork contract`, () => {
    let harness: HostNetworkHarness;
    let network: HostNetwork;
    beforeEach(async () => {
      harness = await make();
      network = harness.network;
    });
    afterEach(() => harness.close());

    toldContract(() => harness);

    /** Port of the n-th guest on the m-th network. */
    const port = (n: number, m = 1, index = 0): Port => ({
      instanceId: instanceIdOf(n),
      hostname: `vm-${String(n)}`,
      index,
      nic: nicOf(n, harness.networkSpec(m)),
    });
    const ids = async (of: HostNetwork = network): Promise<readonly string[]> =>
      (await of.networks()).map((spec) => spec.networkId).sort();

    it('has no network before the first port', async () => {
      expect(await network.networks()).toEqual([]);
      expect(await harness.taps()).toEqual([]);
    });

    it('makes the network with its first port, and a repeated port answers the same', async () => {
      const plugged = await network.ensurePort(port(1));
      expect(plugged).toMatchObject({ mac: port(1).nic.mac, mtu: harness.networkSpec(1).mtu });
      // IFNAMSIZ is 16 with the closing zero.
      expect(plugged.tap).toMatch(/^[a-z0-9-]{1,15}$/);
      expect(await network.ensurePort(port(1))).toEqual(plugged);
      expect(await network.networks()).toEqual([harness.networkSpec(1)]);
      expect(await harness.taps()).toEqual([plugged.tap]);
    });

    it('gives each guest its own tap, also when they come at the same time', async () => {
      const plugged = await Promise.all([
        network.ensurePort(port(1)),
        network.ensurePort(port(2)),
        network.ensurePort(port(3)),
      ]);
      expect(new Set(plugged.map((nic) => nic.tap)).size).toBe(3);
      expect([...(await harness.taps())].sort()).toEqual(plugged.map((nic) => nic.tap).sort());
      expect(await ids()).toEqual([harness.networkSpec(1).networkId]);
    });

    it('gives a guest a tap in each of its networks, and takes all away with it', async () => {
      const first = await network.ensurePort(port(1, 1, 0));
      const second = await network.ensurePort(port(1, 2, 1));
      expect(first.tap).not.toBe(second.tap);
      expect(await ids()).toEqual([1, 2].map((m) => harness.networkSpec(m).networkId).sort());
      await network.removePorts(instanceIdOf(1));
      expect(await harness.taps()).toEqual([]);
      expect(await ids()).toEqual([]);
    });

    it('takes away all ports of a guest but those that stay, and leaves the others in their places', async () => {
      await network.ensurePort(port(1, 1, 0));
      const [second, another] = [await network.ensurePort(port(1, 2, 1)), await network.ensurePort(port(2, 2, 0))];
      for (const _repeat of [1, 2]) await network.removePorts(instanceIdOf(1), [1]);
      expect([...(await harness.taps())].sort()).toEqual([second.tap, another.tap].sort());
      expect(await ids()).toEqual([harness.networkSpec(2).networkId]);
      await network.removePorts(instanceIdOf(1), []);
      expect(await harness.taps()).toEqual([another.tap]);
    });

    it('makes a network that is a VLAN, or refuses it with the reason and leaves nothing of it', async () => {
      const segment = { type: 'vlan', id: 4_000 } as const;
      const spec: NetworkSpec = { ...harness.networkSpec(1), interface: 'nowhere0', segment };
      const asked = network.ensurePort({ ...port(1), nic: nicOf(1, spec) });
      if (harness.noVlan === null) {
        const { tap } = await asked;
        expect([await network.networks(), await harness.taps()]).toEqual([[spec], [tap]]);
        return;
      }
      await expect(asked).rejects.toMatchObject({ code: 'network.failed' });
      await expect(asked).rejects.toThrow(harness.noVlan);
      expect([await network.networks(), await harness.taps()]).toEqual([[], []]);
    });

    it('keeps a network until its last port goes', async () => {
      await network.ensurePort(port(1));
      const second = await network.ensurePort(port(2));
      await network.removePorts(instanceIdOf(1));
      expect(await harness.taps()).toEqual([second.tap]);
      expect(await ids()).toEqual([harness.networkSpec(1).networkId]);
      await network.removePorts(instanceIdOf(2));
      expect(await ids()).toEqual([]);
    });

    it('takes nothing away twice, nor of a guest that it does not know', async () => {
      await network.ensurePort(port(1));
      await expect(network.removePorts(instanceIdOf(9))).resolves.toBeUndefined();
      expect(await harness.taps()).toHaveLength(1);
      await network.removePorts(instanceIdOf(1));
      await expect(network.removePorts(instanceIdOf(1))).resolves.toBeUndefined();
    });

    it('gives the addresses of a removed guest to the next one', async () => {
      await network.ensurePort(port(1));
      await network.removePorts(instanceIdOf(1));
      const heir: Port = { ...port(2), nic: port(1).nic };
      expect(await network.ensurePort(heir)).toMatchObject({ mac: port(1).nic.mac });
    });

    it('knows its ports in the next process of the agent', async () => {
      const plugged = await network.ensurePort(port(1));
      const reopened = await harness.reopen();
      expect(await reopened.networks()).toEqual([harness.networkSpec(1)]);
      expect(await reopened.ensurePort(port(1))).toEqual(plugged);
      await reopened.removePorts(instanceIdOf(1));
      expect(await harness.taps()).toEqual([]);
      expect(await ids(reopened)).toEqual([]);
    });

    /** The k-th address outside, which leads to the n-th guest on the m-th network. */
    const floating = (k: number, n: number, m = 1): FloatingIp => ({
      id: instanceIdOf(100 + k),
      address: `203.0.113.${String(k)}`,
      interface: harness.outside,
      instanceId: instanceIdOf(n),
      networkId: harness.networkSpec(m).networkId,
      fixedAddress: port(n, m).nic.address,
    });
    const leads = (k: number, n: number, m = 1): [string, string] => [
      floating(k, n, m).address,
      port(n, m).nic.address,
    ];
    const carried = async (): Promise<readonly (readonly [string, string])[]> => [...(await harness.floating())].sort();

    it('leads an address outside to a port while the port is here, whichever comes first', async () => {
      await network.ensureFloatingIp(floating(1, 1));
      expect(await carried()).toEqual([]);
      await network.ensurePort(port(1));
      expect(await carried()).toEqual([leads(1, 1)]);
      await network.ensurePort(port(2, 2));
      await network.ensureFloatingIp(floating(2, 2, 2));
      await network.ensureFloatingIp(floating(2, 2, 2));
      expect(await carried()).toEqual([leads(1, 1), leads(2, 2, 2)]);
      await network.removePorts(instanceIdOf(1));
      expect(await carried()).toEqual([leads(2, 2, 2)]);
      await network.ensurePort(port(1));
      expect(await carried()).toEqual([leads(1, 1), leads(2, 2, 2)]);
    });

    it('leads it to another port from then on, or to none', async () => {
      await network.ensurePort(port(1));
      await network.ensurePort(port(2));
      await network.ensureFloatingIp(floating(1, 1));
      await network.ensureFloatingIp(floating(1, 2));
      expect(await carried()).toEqual([leads(1, 2)]);
      await network.ensureFloatingIp(floating(2, 2));
      expect(await carried()).toEqual([leads(1, 2), leads(2, 2)]);
      for (const k of [1, 1, 2, 9]) await network.removeFloatingIp(floating(k, 1).id);
      expect(await carried()).toEqual([]);
      expect(await harness.taps()).toHaveLength(2);
    });

    it('leads it to a port only that has the address in that network', async () => {
      await network.ensurePort(port(1, 2));
      await network.ensureFloatingIp({ ...floating(1, 1), fixedAddress: port(1, 2).nic.address });
      expect(await carried()).toEqual([]);
    });

    it('knows the addresses outside in the next process of the agent', async () => {
      await network.ensurePort(port(1));
      await network.ensureFloatingIp(floating(1, 1));
      const reopened = await harness.reopen();
      await reopened.ensurePort(port(2));
      expect(await carried()).toEqual([leads(1, 1)]);
      await reopened.removeFloatingIp(floating(1, 1).id);
      expect(await carried()).toEqual([]);
    });

    it('answers for no address after down, and does again with the next port', async () => {
      await network.ensurePort(port(1));
      await network.ensureFloatingIp(floating(1, 1));
      await network.down();
      expect(await carried()).toEqual([]);
      await network.ensurePort(port(1));
      expect(await carried()).toEqual([leads(1, 1)]);
    });

    const wrong = async (of: HostNetwork = network): Promise<readonly Finding[]> =>
      (await of.inspect()).filter(({ verdict }) => verdict === 'wrong');

    it.each([...new Set(Object.values(DAMAGES))])(
      'sees what somebody did by hand (%s), and mends it [guide 114] [runbook guest-unreachable]',
      async (topic) => {
        await network.ensurePort(port(1));
        await network.ensurePort(port(2));
        await network.ensurePort(port(3, 2));
        await network.ensureFloatingIp(floating(1, 1));
        const reopened = await harness.reopen();
        expect(await wrong(reopened)).toEqual([]);
        for (const kind of KINDS.filter((one) => DAMAGES[one] === topic)) {
          await harness.damage(kind);
          const found = await wrong();
          expect([kind, found.map((one) => one.topic)]).toEqual([kind, expect.arrayContaining([topic])]);
          for (const { says } of found) expect(says).toMatch(/^.+\.$/);
          expect([kind, await wrong(reopened)]).toEqual([kind, found]); // by the next process of the agent, too
          await reopened.mend();
          expect([kind, await wrong()]).toEqual([kind, []]);
        }
        expect(await harness.taps()).toHaveLength(3);
        expect(await carried()).toEqual([leads(1, 1)]);
      },
    );

    it('has nothing to mend before the first port, nor after down', async () => {
      expect(await network.inspect()).toEqual([]);
      await network.mend();
      await network.ensurePort(port(1));
      expect(await network.inspect()).not.toEqual([]);
      await network.down();
      expect(await network.inspect()).toEqual([]);
    });

    it('ends everything on down, twice as well, and starts again after it', async () => {
      const plugged = await network.ensurePort(port(1));
      await network.ensurePort(port(2, 2));
      await network.down();
      expect(await harness.taps()).toEqual([]);
      expect(await ids()).toEqual([]);
      await network.down();
      expect(await network.ensurePort(port(1))).toEqual(plugged);
    });
  });
}
