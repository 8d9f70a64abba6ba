import { join } from 'node:path';

import type { HostSecurity, NetworkSpec } from '@cairn/host-protocol';

import type { Port } from '../../ports/host-network.port';
import type { Log } from '../../ports/log.port';

import { JsonTable } from './json-table';

/** What the host was told of security groups, by project: `security/<project>.json` each. */
export const keptSecurity = (directory: string, log?: Log): JsonTable<HostSecurity> =>
  new JsonTable(join(directory, 'security'), log);

/** A network with the ports of this host in it. */
export interface StoredNetwork {
  readonly spec: NetworkSpec;
  readonly ports: readonly Port[];
}

/**
 * What this host's network should be: `ports/<instance>.<index>.json` for each port and `networks/<id>/network.json` for
 * each network. Written before the host is changed, so that a driver that comes back knows what to make and what to take
 * away. A network's directory also holds the files of its dnsmasq.
 */
export class PortStore {
  private readonly networksDir: string;
  private readonly known: { readonly ports: JsonTable<Port>; readonly networks: JsonTable<NetworkSpec> };

  constructor(directory: string, log?: Log) {
    this.networksDir = join(directory, 'networks');
    this.known = {
      ports: new JsonTable(join(directory, 'ports'), log),
      networks: new JsonTable(this.networksDir, log, 'network.json'),
    };
  }

  directoryOf(networkId: string): string {
    return join(this.networksDir, networkId);
  }

  /** Every network known here, also one whose last port has gone and that has to be taken away. */
  async networks(): Promise<readonly StoredNetwork[]> {
    const networks = await this.known.networks.all();
    const ports = await this.ports();
    return [...networks.values()].map((spec) => ({
      spec,
      ports: ports.filter(({ nic }) => nic.network.networkId === spec.networkId),
    }));
  }

  async ports(): Promise<readonly Port[]> {
    return [...(await this.known.ports.all()).values()];
  }

  /** The network first: a port always finds the network that it belongs to. */
  async save(port: Port): Promise<void> {
    await this.saveNetwork(port.nic.network);
    await this.known.ports.set(nameOf(port), port);
  }

  saveNetwork(network: NetworkSpec): Promise<void> {
    return this.known.networks.set(network.networkId, network);
  }

  forget(port: Port): Promise<void> {
    return this.known.ports.delete(nameOf(port));
  }

  forgetNetwork(networkId: string): Promise<void> {
    return this.known.networks.delete(networkId);
  }
}

const nameOf = ({ instanceId, index }: Port): string => `${instanceId}.${String(index)}`;
