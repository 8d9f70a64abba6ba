import { mkdir, readFile, writeFile } from 'node:fs/promises';

import type { NetworkSpec } from '@cairn/host-protocol';

import { KeyedMutex } from '../../keyed-mutex';
import type { HostNetwork, Port } from '../../ports/host-network.port';
import { METADATA_PROXY_PORT } from '../../ports/host-network.port';
import type { PluggedNic } from '../../ports/hypervisor.port';
import { type Log, silentLog } from '../../ports/log.port';
import { CommandFailed, runCommand } from '../host-command';

import { checkPort, checkTogether, networkFailure } from './check-port';
import { Dnsmasq } from './dnsmasq';
import {
  checkHost,
  ensureBridge,
  ensureTap,
  hasBridge,
  type Links,
  readLinks,
  removeBridge,
  removeTaps,
} from './links';
import { tapName } from './names';
import { PortStore } from './port-store';
import { emptyRuleset, type PortedNetwork, ruleset } from './ruleset';

export interface LinuxNetworkOptions {
  /** Keeps the ports as desired and the files of each network's dnsmasq. Others must be able to enter it. */
  readonly directory: string;
  /** Name of the nftables tables. Two drivers on one host (a test beside a cloud) need two. */
  readonly table?: string;
  readonly metadataPort?: number;
  readonly log?: Log;
}

/** The key under which everything is serialised: bridges, rules and servers are shared by all ports of the host. */
const HOST = 'host';
const IP_FORWARD = '/proc/sys/net/ipv4/ip_forward';

/**
 * Bridges, taps, dnsmasq and nftables of Linux. What should be is on disk, one file a port; each change first changes that
 * and then brings the host to it, so a driver that comes back after a crash or a restart of the machine makes it whole.
 */
export class LinuxHostNetwork implements HostNetwork {
  private readonly store: PortStore;
  private readonly rules: { readonly table: string; readonly metadataPort: number };
  private readonly log: Log;
  private readonly servers = new Map<string, Dnsmasq>();
  private readonly turns = new KeyedMutex();

  constructor(private readonly options: LinuxNetworkOptions) {
    this.store = new PortStore(options.directory);
    this.rules = { table: options.table ?? 'cairn', metadataPort: options.metadataPort ?? METADATA_PROXY_PORT };
    this.log = options.log ?? silentLog;
  }

  ensurePort(port: Port): Promise<PluggedNic> {
    return this.turns.run(HOST, async () => {
      checkPort(port);
      const known = await this.store.ports();
      checkTogether(port, known);
      await checkHost(port.nic.network, await readLinks());
      const isNew = !known.some((other) => other.instanceId === port.instanceId && other.index === port.index);
      await this.prepare();
      await this.store.save(port);
      const failure = (await this.converge()).get(port.nic.network.networkId);
      if (failure !== undefined) {
        // What never worked is not desired any more: it must not stand in the way of others.
        if (isNew) await this.withdraw([port]);
        throw failure;
      }
      return { mac: port.nic.mac, tap: tapName(port.instanceId, port.index), mtu: port.nic.network.mtu };
    });
  }

  removePorts(instanceId: string): Promise<void> {
    return this.turns.run(HOST, async () => {
      const known = await this.store.ports();
      const failures = await this.withdraw(known.filter((port) => port.instanceId === instanceId));
      // Failures of networks that this instance was not on are not its removal's.
      for (const { nic } of known.filter((port) => port.instanceId === instanceId)) {
        const failure = failures.get(nic.network.networkId);
        if (failure !== undefined) throw failure;
      }
    });
  }

  networks(): Promise<readonly NetworkSpec[]> {
    return this.turns.run(HOST, async () => {
      const links = await readLinks();
      const known = await this.store.networks();
      return known.filter(({ spec, ports }) => ports.length > 0 && hasBridge(links, spec)).map(({ spec }) => spec);
    });
  }

  down(): Promise<void> {
    return this.turns.run(HOST, async () => {
      const links = await readLinks();
      for (const { spec } of await this.store.networks()) await this.takeDown(spec, links);
      await this.nft(emptyRuleset(this.rules));
    });
  }

  private async withdraw(ports: readonly Port[]): Promise<ReadonlyMap<string, unknown>> {
    for (const port of ports) await this.store.forget(port);
    return this.converge();
  }

  /**
   * Brings the host to what is on disk. One network's trouble does not keep the others from working.
   * @returns what failed, by network.
   */
  private async converge(): Promise<ReadonlyMap<string, unknown>> {
    const networks = await this.store.networks();
    const wanted = networks.filter(({ ports }) => ports.length > 0);
    // Before any tap is up: no guest's frame passes without rules.
    await this.nft(wanted.length === 0 ? emptyRuleset(this.rules) : ruleset(wanted, this.rules));
    const links = await readLinks();
    const failures = new Map<string, unknown>();
    for (const network of networks) {
      try {
        await (network.ports.length === 0 ? this.dissolve(network.spec, links) : this.build(network, links));
      } catch (error) {
        this.log.error('a network is not as it should be', { network: network.spec.networkId, error });
        failures.set(network.spec.networkId, error);
      }
    }
    return failures;
  }

  private async build(network: PortedNetwork, links: Links): Promise<void> {
    const { spec, ports } = network;
    if (!hasBridge(links, spec)) await checkHost(spec, links);
    await ensureBridge(spec, links);
    await removeTaps(spec, ports, links);
    await this.serverOf(spec).ensure(network);
    for (const port of ports) await ensureTap({ ...port, nic: { ...port.nic, network: spec } }, links);
  }

  private async dissolve(spec: NetworkSpec, links: Links): Promise<void> {
    await this.takeDown(spec, links);
    await this.store.forgetNetwork(spec.networkId);
    this.servers.delete(spec.networkId);
  }

  private async takeDown(spec: NetworkSpec, links: Links): Promise<void> {
    await this.serverOf(spec).stop();
    await removeTaps(spec, [], links);
    await removeBridge(spec, links);
  }

  private serverOf({ networkId }: NetworkSpec): Dnsmasq {
    const server = this.servers.get(networkId) ?? new Dnsmasq(this.store.directoryOf(networkId));
    this.servers.set(networkId, server);
    return server;
  }

  private async prepare(): Promise<void> {
    await mkdir(this.options.directory, { recursive: true });
    if ((await readFile(IP_FORWARD, 'utf8')).trim() !== '1') await writeFile(IP_FORWARD, '1');
  }

  private async nft(commands: string): Promise<void> {
    try {
      await runCommand('nft', ['-f', '-'], { input: commands });
    } catch (error) {
      if (!(error instanceof CommandFailed)) throw error;
      throw networkFailure(`nftables refuses the host's rules: ${error.stderr}`, { cause: error });
    }
  }
}
