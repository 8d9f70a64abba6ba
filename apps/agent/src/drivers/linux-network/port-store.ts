import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import type { HostSecurity, NetworkPeers, NetworkSpec } from '@cairn/host-protocol';
import { syncPath } from '@cairn/os';

import type { SecurityBook } from '../../ports/guards';
import type { Port } from '../../ports/host-network.port';
import { type Log, silentLog } from '../../ports/log.port';

import { namesIn, readJson, writeJson } from './json-files';
import type { PortedNetwork } from './ruleset';

/**
 * What this host's network should be: `ports/<instance>.<index>.json` for each port and `networks/<id>/network.json` for
 * each network, `security/<project>.json` for the security groups of each project, `peers/<network>.json` for its other hosts. Written before the host is changed, so that a driver that comes back knows what to make and what to take
 * away. A network's directory also holds the files of its dnsmasq. They are read once: nobody else writes them while an
 * agent has this host.
 */
export class PortStore {
  private readonly portsDir: string;
  private readonly networksDir: string;
  private readonly securityDir: string;
  private readonly peersDir: string;
  private known: Promise<Known> | undefined;

  constructor(
    directory: string,
    private readonly log: Log = silentLog,
  ) {
    this.portsDir = join(directory, 'ports');
    this.networksDir = join(directory, 'networks');
    this.securityDir = join(directory, 'security');
    this.peersDir = join(directory, 'peers');
  }

  directoryOf(networkId: string): string {
    return join(this.networksDir, networkId);
  }

  /** Every network known here, also one whose last port has gone and that has to be taken away. */
  async networks(): Promise<readonly PortedNetwork[]> {
    const { networks } = await this.read();
    const ports = await this.ports();
    return inOrder(networks).map((spec) => ({
      spec,
      ports: ports.filter(({ nic }) => nic.network.networkId === spec.networkId),
    }));
  }

  async ports(): Promise<readonly Port[]> {
    return inOrder((await this.read()).ports);
  }

  /** The network first: a port always finds the network that it belongs to. */
  save(port: Port): Promise<void> {
    const { network } = port.nic;
    return this.change(async ({ networks, ports }) => {
      await writeJson(this.directoryOf(network.networkId), 'network.json', network);
      networks.set(network.networkId, network);
      await writeJson(this.portsDir, fileOf(port), port);
      ports.set(fileOf(port), port);
    });
  }

  forget(port: Port): Promise<void> {
    return this.change(async ({ ports }) => {
      await rm(join(this.portsDir, fileOf(port)), { force: true });
      await syncPath(this.portsDir);
      ports.delete(fileOf(port));
    });
  }

  /** What the host was told of security groups, by project. */
  async security(): Promise<SecurityBook> {
    return (await this.read()).security;
  }

  saveSecurity(projectId: string, told: HostSecurity): Promise<void> {
    return this.change(async ({ security }) => {
      await writeJson(this.securityDir, `${projectId}.json`, told);
      security.set(projectId, told);
    });
  }

  /** What the host was told of the other hosts of networks, by network. */
  async peers(): Promise<ReadonlyMap<string, NetworkPeers>> {
    return (await this.read()).peers;
  }

  savePeers(networkId: string, told: NetworkPeers): Promise<void> {
    return this.change(async ({ peers }) => {
      await writeJson(this.peersDir, `${networkId}.json`, told);
      peers.set(networkId, told);
    });
  }

  forgetNetwork(networkId: string): Promise<void> {
    return this.change(async ({ networks }) => {
      await rm(this.directoryOf(networkId), { recursive: true, force: true });
      networks.delete(networkId);
    });
  }

  /** Changes the files, and what is known of them. After a failure nobody knows what is in them: they are read again. */
  private async change(work: (known: Known) => Promise<void>): Promise<void> {
    const known = await this.read();
    try {
      await work(known);
    } catch (error) {
      this.known = undefined;
      throw error;
    }
  }

  private read(): Promise<Known> {
    this.known ??= this.readFiles().catch((error: unknown) => {
      this.known = undefined;
      throw error;
    });
    return this.known;
  }

  private async readFiles(): Promise<Known> {
    const files = (await namesIn(this.portsDir)).filter((name) => name.endsWith('.json'));
    const ids = await namesIn(this.networksDir);
    const ports = await Promise.all(files.map((name) => readJson<Port>(join(this.portsDir, name), this.log)));
    const networks = await Promise.all(
      ids.map((id) => readJson<NetworkSpec>(join(this.directoryOf(id), 'network.json'), this.log)),
    );
    const security = await this.readTold<HostSecurity>(this.securityDir);
    const peers = await this.readTold<NetworkPeers>(this.peersDir);
    return { ports: byName(files, ports), networks: byName(ids, networks), security, peers };
  }

  /** What a directory has for each id. */
  private async readTold<T>(directory: string): Promise<Map<string, T>> {
    const names = (await namesIn(directory)).filter((name) => name.endsWith('.json'));
    const told = await Promise.all(names.map((name) => readJson<T>(join(directory, name), this.log)));
    return byName(
      names.map((name) => name.slice(0, -'.json'.length)),
      told,
    );
  }
}

/** What the files say: ports by the name of their file, networks by their id. */
interface Known {
  readonly ports: Map<string, Port>;
  readonly networks: Map<string, NetworkSpec>;
  readonly security: Map<string, HostSecurity>;
  readonly peers: Map<string, NetworkPeers>;
}

const byName = <T>(names: readonly string[], values: readonly (T | null)[]): Map<string, T> =>
  new Map(
    names.flatMap((name, i): [string, T][] => {
      const value = values[i] ?? null;
      return value === null ? [] : [[name, value]];
    }),
  );

/** In the order of their names, whatever came first: what is made from them does not depend on the past. */
const inOrder = <T>(map: ReadonlyMap<string, T>): readonly T[] =>
  [...map].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value);

const fileOf = ({ instanceId, index }: Port): string => `${instanceId}.${String(index)}.json`;
