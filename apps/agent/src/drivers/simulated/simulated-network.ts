import type { HostNames, HostSecurity, NetworkPeers, NetworkSpec } from '@cairn/host-protocol';

import { isGatewayHere, leadsTo, servedBy } from '../../ports/gateways';
import { isNewer } from '../../ports/guards';
import type { Finding, FloatingIp, Helper, HostNetwork, Port } from '../../ports/host-network.port';
import type { PluggedNic } from '../../ports/hypervisor.port';

import type { Pace } from './latencies';
import type { SimulatedHost } from './simulated-host';

const tapOf = ({ instanceId, index }: Port): string => `tap${instanceId.slice(0, 8)}-${String(index)}`;

export class SimulatedNetwork implements HostNetwork {
  constructor(
    private readonly host: SimulatedHost,
    private readonly pace: Pace,
    /** Where other hosts would reach this one. */
    private readonly address = '192.0.2.1',
  ) {}

  async ensurePort(port: Port): Promise<PluggedNic> {
    await this.pace.take('network');
    const { nic } = port;
    const tap = tapOf(port);
    this.host.plug({ ...port, tap });
    this.host.isTakenDown = false;
    return { mac: nic.mac, tap, mtu: nic.network.mtu };
  }

  async applySecurity(projectId: string, security: HostSecurity): Promise<void> {
    await this.pace.take('network');
    if (isNewer(security, this.host.security.get(projectId))) this.host.security.set(projectId, security);
  }

  async applyPeers(networkId: string, peers: NetworkPeers): Promise<string> {
    await this.pace.take('network');
    if (isNewer(peers, this.host.peers.get(networkId))) this.host.peers.set(networkId, peers);
    this.host.isTakenDown = false;
    return this.address;
  }

  async applyNames(names: HostNames): Promise<void> {
    await this.pace.take('network');
    if (isNewer(names, this.host.names.get('cloud'))) this.host.names.set('cloud', names);
  }

  async removePorts(instanceId: string, but: readonly number[] = []): Promise<void> {
    const stays = ({ index }: Port): boolean => but.includes(index);
    if (but.length > 0 && this.host.portsOf(instanceId).every(stays)) return;
    await this.pace.take('network');
    this.host.unplug(instanceId, stays);
  }

  async ensureFloatingIp(floating: FloatingIp): Promise<void> {
    await this.pace.take('network');
    this.host.carry(floating);
  }

  async removeFloatingIp(id: string): Promise<void> {
    await this.pace.take('network');
    this.host.floating.delete(id);
  }

  networks(): Promise<readonly NetworkSpec[]> {
    return Promise.resolve(gatewaysOf(this.host));
  }

  /** A simulated network is no process. */
  tend(): Promise<readonly Helper[]> {
    return Promise.resolve([]);
  }

  inspect(): Promise<readonly Finding[]> {
    const right = [...this.host.ports.values()].map(({ tap, instanceId, nic }): Finding => ({
      topic: 'port',
      name: tap,
      verdict: 'right',
      says: `The tap ${tap} of ${nic.address} (${nic.mac}) is there.`,
      networkId: nic.network.networkId,
      address: nic.address,
      instanceId,
    }));
    const { damage } = this.host;
    return Promise.resolve([...right.filter(({ name }) => !damage.has(name)), ...damage.values()]);
  }

  async mend(): Promise<void> {
    await this.pace.take('network');
    this.host.damage.clear();
  }

  down(): Promise<void> {
    this.host.unplugAll();
    this.host.isTakenDown = true;
    this.host.damage.clear();
    return Promise.resolve();
  }
}

/** The networks that a machine is a gateway of now. */
function gatewaysOf({ ports, peers, isTakenDown }: SimulatedHost): readonly NetworkSpec[] {
  const withPorts = [...ports.values()].map(({ nic }) => nic.network);
  const forAll = isTakenDown ? [] : [...peers.values()].flatMap(({ gateway }) => (gateway ? [gateway.network] : []));
  const networks = new Map([...withPorts, ...forAll].map((spec) => [spec.networkId, spec]));
  return [...networks.values()].filter((spec) => isGatewayHere(spec, peers.get(spec.networkId)));
}

/** The addresses outside that a machine answers for, each with the one that it leads to. */
export function carriedBy(host: SimulatedHost): ReadonlyMap<string, string> {
  const guests = gatewaysOf(host).flatMap(({ networkId }) => {
    const ports = [...host.ports.values()].filter(({ nic }) => nic.network.networkId === networkId);
    return servedBy(ports, host.peers.get(networkId)).map((guest) => ({ networkId, guest }));
  });
  const here = [...host.floating.values()].filter((one) =>
    guests.some(({ networkId, guest }) => leadsTo(one, networkId, guest)),
  );
  return new Map(here.map(({ address, fixedAddress }) => [address, fixedAddress]));
}
