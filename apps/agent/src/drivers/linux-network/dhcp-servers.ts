import type { HostName, NetworkSpec } from '@cairn/host-protocol';

import type { Finding, Helper } from '../../ports/host-network.port';
import type { Log } from '../../ports/log.port';

import { Dnsmasq } from './dnsmasq';
import type { DnsmasqOptions } from './dnsmasq-config';
import type { PortedNetwork } from './ruleset';

/** The dnsmasq of each network of the host. */
export class DhcpServers {
  private readonly servers = new Map<string, Dnsmasq>();
  /** Networks that are known to have no dnsmasq. */
  private readonly without = new Set<string>();
  /** Networks whose dnsmasq could not be looked after when that was tried last. */
  private readonly untended = new Set<string>();

  /**
   * @param directoryOf where the files of a network's dnsmasq are. @param options of all of them
   * @param names by which all of them answer, beside those of their guests
   */
  constructor(
    private readonly directoryOf: (networkId: string) => string,
    private readonly options: DnsmasqOptions,
    private readonly names: () => Promise<readonly HostName[]>,
    private readonly log: Log,
  ) {}

  /** It runs where the network's gateway is, and nowhere else. */
  async ensure(network: PortedNetwork): Promise<void> {
    if (!network.isGateway) return this.stop(network.spec);
    this.without.delete(network.spec.networkId);
    await this.of(network.spec).ensure(network, await this.names());
  }

  async stop(spec: NetworkSpec): Promise<void> {
    if (this.without.has(spec.networkId)) return;
    await this.of(spec).stop();
    this.without.add(spec.networkId);
  }

  forget(networkId: string): void {
    this.servers.delete(networkId);
    this.untended.delete(networkId);
    this.without.delete(networkId);
  }

  /** One network's trouble does not keep the others from being looked after. It is told when it begins. */
  async tend(network: PortedNetwork): Promise<Helper> {
    const { networkId, label, bridge } = network.spec;
    const server = this.of(network.spec);
    let pid: number | null = null;
    try {
      pid = await server.pid();
      if (pid === null) await this.ensure(network);
      this.untended.delete(networkId);
    } catch (error) {
      if (!this.untended.has(networkId))
        this.log.error('dnsmasq of a network cannot be started, tried again until it can', {
          network: networkId,
          error,
        });
      this.untended.add(networkId);
    }
    return { name: `dnsmasq of ${label} (${bridge})`, pid };
  }

  async inspect(network: PortedNetwork): Promise<readonly Finding[]> {
    const { networkId, bridge, label } = network.spec;
    const found = { topic: 'dhcp', name: bridge, networkId } as const;
    const wrong = await this.of(network.spec).fault(network, await this.names());
    if (wrong !== null) return [{ ...found, verdict: 'wrong', says: wrong }];
    if (network.spec.dhcp === false) {
      const says = `dnsmasq of the network ${label} runs, for names only: its guests get their addresses injected.`;
      return [{ ...found, verdict: 'right', says }];
    }
    const right = `dnsmasq of the network ${label} runs, with a lease for each of its ${String(network.served.length)} guest(s).`;
    return [{ ...found, verdict: 'right', says: right }, ...(await this.leases(network))];
  }

  /** Which guests have asked for their address. */
  private async leases({ spec, served }: PortedNetwork): Promise<readonly Finding[]> {
    const leased = await this.of(spec).leased();
    return served.map(({ address, mac, instanceId }) => {
      const has = leased.get(address) === mac.toLowerCase();
      const says = has
        ? `The guest at ${mac} has taken its lease of ${address}.`
        : `The guest at ${mac} has not asked for ${address} by DHCP: it is off, has not come so far, or does not use DHCP.`;
      return { topic: 'lease', name: address, verdict: 'right', says, networkId: spec.networkId, instanceId, address };
    });
  }

  private of({ networkId }: NetworkSpec): Dnsmasq {
    const server = this.servers.get(networkId) ?? new Dnsmasq(this.directoryOf(networkId), this.options);
    this.servers.set(networkId, server);
    return server;
  }
}
