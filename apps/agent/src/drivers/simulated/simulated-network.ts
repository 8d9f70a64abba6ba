import type { NetworkSpec } from '@cairn/host-protocol';

import type { Helper, HostNetwork, Port } from '../../ports/host-network.port';
import type { PluggedNic } from '../../ports/hypervisor.port';

import type { Pace } from './latencies';
import type { SimulatedHost } from './simulated-host';

const tapOf = ({ instanceId, index }: Port): string => `tap${instanceId.slice(0, 8)}-${String(index)}`;

export class SimulatedNetwork implements HostNetwork {
  constructor(
    private readonly host: SimulatedHost,
    private readonly pace: Pace,
  ) {}

  async ensurePort(port: Port): Promise<PluggedNic> {
    await this.pace.take('network');
    const { instanceId, hostname, index, nic } = port;
    const tap = tapOf(port);
    this.host.plug({ instanceId, hostname, index, nic, tap });
    return { mac: nic.mac, tap, mtu: nic.network.mtu };
  }

  async removePorts(instanceId: string): Promise<void> {
    await this.pace.take('network');
    this.host.unplug(instanceId);
  }

  networks(): Promise<readonly NetworkSpec[]> {
    const networks = new Map([...this.host.ports.values()].map(({ nic: { network } }) => [network.networkId, network]));
    return Promise.resolve([...networks.values()]);
  }

  /** A simulated network is no process. */
  tend(): Promise<readonly Helper[]> {
    return Promise.resolve([]);
  }

  down(): Promise<void> {
    this.host.unplugAll();
    return Promise.resolve();
  }
}
