import type { HostNames, HostSecurity, NetworkPeers, NetworkSpec } from '@cairn/host-protocol';
import { KeyedMutex } from '@cairn/turns';

import { both } from '../../both';
import type { Finding, FloatingIp, Helper, HostNetwork, Port } from '../../ports/host-network.port';
import type { PluggedNic } from '../../ports/hypervisor.port';
import { type Log, silentLog } from '../../ports/log.port';
import { messageOf } from '../../unknown-error';

import { tellOf } from './announce';
import { checkDuties, checkPort, checkTogether } from './check-port';
import { DhcpServers } from './dhcp-servers';
import { NO_OPTIONS } from './dnsmasq-config';
import { FloatingAddresses } from './floating-addresses';
import { HostRules } from './host-rules';
import { addressesFor, inspectInterfaces, readAddresses } from './inspect-interfaces';
import { forgetMistaken, inspectNeighbours } from './neighbours';
import {
  checkHost,
  completeInterfaces,
  hasGateway,
  type InterfacePlan,
  makeInterfaces,
  planInterfaces,
  removeBridge,
  removeTaps,
} from './interfaces';
import { IpBatch } from './ip-batch';
import { JoiningDevices } from './joining-devices';
import { type JsonTable, keepNewest } from './json-table';
import { hasIpv6, isExpected, isForAll, isWanted, KnownNetworks } from './known-networks';
import { forward, forwardV6, inspectBridgeFilter, inspectForwarding } from './kernel-settings';
import { hasBridge, type Links, readLinks } from './links';
import { tapName } from './names';
import type { LinuxNetworkOptions } from './options';
import { OutsideNames } from './outside-names';
import { Overlays } from './overlays';
import { keptSecurity, PortStore } from './port-store';
import type { PortedNetwork } from './ruleset';
import { checkVlan } from './vlans';

export type { LinuxNetworkOptions } from './options';

interface PlannedNetwork extends PortedNetwork {
  readonly plan: InterfacePlan;
}

/** The key under which everything is serialised: bridges, rules and servers are shared by all ports of the host. */
const HOST = 'host';

/**
 * Bridges, taps, dnsmasq and nftables of Linux. What should be is on disk, one file a port; each change first changes that
 * and then brings the host to it, so a driver that comes back after a crash or a restart of the machine makes it whole.
 */
export class LinuxHostNetwork implements HostNetwork {
  private readonly store: PortStore;
  private readonly security: JsonTable<HostSecurity>;
  private readonly rules: HostRules;
  private readonly floating: FloatingAddresses;
  private readonly overlays: Overlays;
  private readonly joining: JoiningDevices;
  private readonly known: KnownNetworks;
  private readonly log: Log;
  private readonly names: OutsideNames;
  private readonly dhcp: DhcpServers;
  private readonly turns = new KeyedMutex();
  private readonly ip = new IpBatch();
  /** Whether something of it is, or was, on the host, and it has not been taken down since. */
  private stands = false;
  private isDown = false;

  constructor(private readonly options: LinuxNetworkOptions) {
    this.log = options.log ?? silentLog;
    this.store = new PortStore(options.directory, this.log);
    const directoryOf = (networkId: string): string => this.store.directoryOf(networkId);
    this.names = new OutsideNames(options.directory, this.log);
    this.dhcp = new DhcpServers(directoryOf, options.dnsmasq ?? NO_OPTIONS, () => this.names.all(), this.log);
    this.floating = new FloatingAddresses(options.directory, this.ip, this.log);
    this.security = keptSecurity(options.directory, this.log);
    this.overlays = new Overlays(options.directory, this.ip, options.hostIp ?? '127.0.0.1', this.log);
    this.joining = new JoiningDevices(this.overlays, this.ip);
    this.known = new KnownNetworks(this.store, this.overlays, options.bridgeInterface ?? null);
    this.rules = new HostRules(options, {
      security: () => this.security.all(),
      carried: (networks) => this.floating.carriedIn(networks),
      overlays: (networks) => this.overlays.of(networks.map(({ spec }) => spec)),
    });
  }

  ensurePort(port: Port): Promise<PluggedNic> {
    return this.turns.run(HOST, async () => {
      checkPort(port);
      const known = await this.store.ports();
      checkTogether(port, known);
      const isNew = !known.some((other) => other.instanceId === port.instanceId && other.index === port.index);
      await this.store.save(port);
      const failure = (await this.converge()).get(port.nic.network.networkId);
      // What never worked is not desired any more: it must not stand in the way of others.
      if (failure !== undefined && isNew) await this.withdraw([port]);
      throwIfAny(failure);
      return { mac: port.nic.mac, tap: tapName(port.instanceId, port.index), mtu: port.nic.network.mtu };
    });
  }

  applySecurity(projectId: string, security: HostSecurity): Promise<void> {
    return this.turns.run(HOST, async () => {
      if (await keepNewest(this.security, projectId, security)) await this.refilter();
    });
  }

  applyPeers(networkId: string, peers: NetworkPeers): Promise<string> {
    return this.turns.run(HOST, async () => {
      if (peers.gateway !== undefined) checkDuties(peers.gateway);
      if (!(await this.overlays.save(networkId, peers))) return this.overlays.address;
      if (peers.gateway !== undefined) await this.store.saveNetwork(peers.gateway.network);
      throwIfAny((await this.converge()).get(networkId));
      return this.overlays.address;
    });
  }

  applyNames(names: HostNames): Promise<void> {
    return this.turns.run(HOST, async () => {
      if (!(await this.names.save(names))) return;
      for (const network of await this.known.gateways(readLinks())) await this.dhcp.ensure(network);
    });
  }

  async removePorts(instanceId: string, but: readonly number[] = []): Promise<void> {
    const leaving = async (): Promise<readonly Port[]> =>
      (await this.store.ports()).filter((port) => port.instanceId === instanceId && !but.includes(port.index));
    // As at each launch: that waits for no turn. What a try left that was cut off has gone with those that stay.
    if (but.length > 0 && (await leaving()).length === 0) return;
    await this.turns.run(HOST, async () => {
      const ports = await leaving();
      // Also without ports: an earlier try may have been cut off behind their files.
      const failures = await this.withdraw(ports);
      for (const { nic } of ports) throwIfAny(failures.get(nic.network.networkId));
    });
  }

  ensureFloatingIp(floating: FloatingIp): Promise<void> {
    return this.turns.run(HOST, async () => {
      await this.floating.save(floating);
      throwIfAny((await this.converge()).get(floating.networkId));
    });
  }

  removeFloatingIp(id: string): Promise<void> {
    return this.turns.run(HOST, async () => {
      if (await this.floating.forget(id)) await this.converge();
    });
  }

  networks(): Promise<readonly NetworkSpec[]> {
    return this.turns.run(HOST, async () => (await this.known.gateways(readLinks())).map(({ spec }) => spec));
  }

  tend(): Promise<readonly Helper[]> {
    return this.turns.run(HOST, async () => {
      const found: Helper[] = [];
      for (const network of await this.known.gateways(readLinks())) found.push(await this.dhcp.tend(network));
      return found;
    });
  }

  inspect(): Promise<readonly Finding[]> {
    return this.turns.run(HOST, async () => {
      const links = readLinks();
      const networks = (await this.known.all(links)).filter(isWanted);
      this.stands ||= !this.isDown && networks.some((network) => isExpected(network, links));
      if (!this.stands) return [];
      const addresses = await readAddresses();
      const served: Finding[] = [];
      for (const network of networks.filter(({ isGateway }) => isGateway))
        served.push(...(await this.dhcp.inspect(network)));
      const ipv6 = networks.some(hasIpv6);
      return [
        ...inspectForwarding(ipv6),
        ...inspectBridgeFilter(this.options.filters !== false, ipv6),
        ...networks.flatMap((network) => inspectInterfaces(network, links, addresses)),
        ...(await this.joining.inspect(networks, links, addresses)),
        ...inspectNeighbours(networks),
        ...served,
        ...(await this.floating.inspect(networks, addresses)),
        ...(await this.rules.inspect(networks)),
      ];
    });
  }

  async mend(): Promise<void> {
    await this.turns.run(HOST, () => this.converge());
  }

  down(): Promise<void> {
    return this.turns.run(HOST, async () => {
      const links = readLinks();
      await this.floating.settle([]);
      for (const { spec } of await this.known.all(links)) await this.takeDown(spec, links);
      await this.rules.remove();
      this.ip.dismiss();
      this.stands = false;
      this.isDown = true;
    });
  }

  private async withdraw(ports: readonly Port[]): Promise<ReadonlyMap<string, Error>> {
    for (const port of ports) await this.store.forget(port);
    return this.converge();
  }

  /**
   * Brings the host to what is on disk. One network's trouble does not keep the others from working.
   * @returns what failed, by network.
   */
  private async converge(): Promise<ReadonlyMap<string, Error>> {
    const links = readLinks();
    const networks = await this.known.all(links);
    this.isDown = false;
    const failures = new Map<string, Error>();
    const inTurn = async <N extends PortedNetwork>(
      chosen: readonly N[],
      work: (network: N) => Promise<void>,
    ): Promise<void> => {
      for (const network of chosen.filter(({ spec }) => !failures.has(spec.networkId))) {
        await work(network).catch((error: unknown) => {
          this.log.error('a network is not as it should be', { network: network.spec.networkId, error });
          failures.set(
            network.spec.networkId,
            error instanceof Error ? error : new Error(messageOf(error), { cause: error }),
          );
        });
      }
    };
    const wanted = networks.filter(isWanted);
    this.stands ||= wanted.length > 0;
    if (wanted.length > 0) forward();
    await inTurn(wanted, async (network) => {
      if (hasIpv6(network)) forwardV6();
      if (hasBridge(links.get(network.spec.bridge), network.spec)) return; // it may stay, with its rules
      await checkHost(network, links);
      await checkVlan(network.spec, links);
    });
    const has = await addressesFor(wanted);
    const possible = wanted
      .filter(({ spec }) => !failures.has(spec.networkId))
      .map((network): PlannedNetwork => ({ ...network, plan: planInterfaces(network, links, has) }));
    // Before any tap is up: no guest's frame passes without rules. Not for what the host has otherwise: it would suffer.
    await both(
      this.rules.apply(possible),
      inTurn(possible, (network) => this.make(network, links)),
    );
    await inTurn(possible, (network) => this.complete(network));
    await this.floating.settle(possible); // behind the rules that lead them on: until then nobody may ask for them
    const empty = networks.filter((network) => !isWanted(network));
    await inTurn(empty, ({ spec }) => this.dissolve(spec, links));
    return failures;
  }

  /** After a change of security groups alone. */
  private async refilter(): Promise<void> {
    const networks = await this.known.present(readLinks());
    if (networks.length > 0) await this.rules.refilter(networks);
  }

  private async make(network: PlannedNetwork, links: Links): Promise<void> {
    await removeTaps(network, links, this.ip);
    await makeInterfaces(network.plan, this.ip);
  }

  private async complete(network: PlannedNetwork): Promise<void> {
    const { spec, plan } = network;
    if (hasGateway(plan)) await both(completeInterfaces(plan, this.ip), this.dhcp.ensure(network));
    else {
      await completeInterfaces(plan, this.ip);
      await this.dhcp.ensure(network);
    }
    await this.joining.settle(spec);
    if (isForAll(network) && !hasGateway(plan)) tellOf(spec.gateway, spec.bridge, this.log);
    await forgetMistaken(network, this.ip);
  }

  private async dissolve(spec: NetworkSpec, links: Links): Promise<void> {
    await this.takeDown(spec, links);
    await this.store.forgetNetwork(spec.networkId);
    this.dhcp.forget(spec.networkId);
  }

  private async takeDown(spec: NetworkSpec, links: Links): Promise<void> {
    await this.dhcp.stop(spec);
    await removeTaps({ spec, ports: [] }, links, this.ip);
    await this.joining.remove(spec, links);
    await removeBridge(spec, links, this.ip);
  }
}

function throwIfAny(failure: Error | undefined): void {
  if (failure !== undefined) throw failure;
}
