import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

import type { NetworkSpec } from '@cairn/host-protocol';

import { fsyncPath } from '../../fsync';
import type { Port } from '../../ports/host-network.port';
import { codeOf } from '../../unknown-error';

import type { PortedNetwork } from './ruleset';

/**
 * What this host's network should be: `ports/<instance>.<index>.json` for each port and `networks/<id>/network.json` for
 * each network. Written before the host is changed, so that a driver that comes back knows what to make and what to take
 * away. A network's directory also holds the files of its dnsmasq.
 */
export class PortStore {
  private readonly portsDir: string;
  private readonly networksDir: string;

  constructor(directory: string) {
    this.portsDir = join(directory, 'ports');
    this.networksDir = join(directory, 'networks');
  }

  directoryOf(networkId: string): string {
    return join(this.networksDir, networkId);
  }

  /** Every network known here, also one whose last port has gone and that has to be taken away. */
  async networks(): Promise<readonly PortedNetwork[]> {
    const ports = await this.ports();
    const specs = await Promise.all(
      (await namesIn(this.networksDir)).map((id) => readJson<NetworkSpec>(join(this.directoryOf(id), 'network.json'))),
    );
    return specs
      .filter((spec) => spec !== null)
      .map((spec) => ({ spec, ports: ports.filter(({ nic }) => nic.network.networkId === spec.networkId) }));
  }

  async ports(): Promise<readonly Port[]> {
    const names = (await namesIn(this.portsDir)).filter((name) => name.endsWith('.json'));
    const ports = await Promise.all(names.map((name) => readJson<Port>(join(this.portsDir, name))));
    return ports.filter((port) => port !== null);
  }

  /** The network first: a port always finds the network that it belongs to. */
  async save(port: Port): Promise<void> {
    const { network } = port.nic;
    await writeJson(this.directoryOf(network.networkId), 'network.json', network);
    await writeJson(this.portsDir, fileOf(port), port);
  }

  async forget(port: Port): Promise<void> {
    await rm(join(this.portsDir, fileOf(port)), { force: true });
    await fsyncPath(this.portsDir);
  }

  async forgetNetwork(networkId: string): Promise<void> {
    await rm(this.directoryOf(networkId), { recursive: true, force: true });
  }
}

const fileOf = ({ instanceId, index }: Port): string => `${instanceId}.${String(index)}.json`;

async function namesIn(directory: string): Promise<readonly string[]> {
  try {
    return (await readdir(directory)).sort();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

async function readJson<T>(path: string): Promise<T | null> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as T;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

/** Whole or not at all, also after a power failure. An unchanged file is not written again. */
async function writeJson(directory: string, name: string, value: unknown): Promise<void> {
  const path = join(directory, name);
  const text = `${JSON.stringify(value, null, 2)}\n`;
  if ((await readFile(path, 'utf8').catch(() => null)) === text) return;
  await mkdir(directory, { recursive: true });
  const draft = `${path}.new`;
  const handle = await open(draft, 'w');
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(draft, path);
  await fsyncPath(directory);
}
