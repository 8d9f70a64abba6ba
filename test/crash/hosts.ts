import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { readMachine } from '../../apps/agent/src/drivers/simulated/host-file';
import { tapName } from '../../apps/agent/src/drivers/linux-network/names';
import type { Port } from '../../apps/agent/src/ports/host-network.port';
import type { Cloud } from '../e2e/cloud';
import type { FoundDomain, FoundMachine } from '../sim/invariants/settled';

/** A host as it is found on the machine, whatever log and API say. */
export interface FoundHost {
  readonly hostId: string;
  readonly name: string;
  readonly host: FoundMachine & {
    /** How often each guest was started; null where nobody counts. */
    readonly domains: ReadonlyMap<string, FoundDomain & { readonly starts: number | null }>;
  };
}

/** The hosts of a cloud, `[id, name]` each. */
export const hostsOf = (cloud: Cloud): readonly (readonly [string, string])[] =>
  readFileSync(join(cloud.state, 'hosts'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(' ') as [string, string]);

export const simulatedHosts = (cloud: Cloud): Promise<readonly FoundHost[]> =>
  Promise.all(
    hostsOf(cloud).map(async ([hostId, name]) => ({
      hostId,
      name,
      host: await readMachine(join(cloud.state, 'agent', 'hosts', hostId, 'machine.jsonl')),
    })),
  );

/** This machine, as libvirt, the kernel and the file system have it. */
export async function realHost(cloud: Cloud): Promise<readonly FoundHost[]> {
  const [[hostId, name] = ['', '']] = hostsOf(cloud);
  const virsh = async (...args: readonly string[]): Promise<readonly string[]> =>
    (await cloud.run('virsh', ['-q', '-c', 'qemu:///system', ...args])).stdout
      .split('\n')
      .filter((line) => line !== '');
  const running = new Set(await virsh('list', '--uuid'));
  const paused = new Set(await virsh('list', '--uuid', '--state-paused'));
  const saved = new Set(await virsh('list', '--uuid', '--inactive', '--with-managed-save'));
  const domains = (await virsh('list', '--all', '--uuid')).map(
    (id) => [id, { running: running.has(id), paused: paused.has(id), saved: saved.has(id), starts: null }] as const,
  );
  const links = (await cloud.run('ip', ['-br', 'link'])).stdout.split('\n').map((line) => line.split(/[ @]/)[0] ?? '');
  const known = new Map(portsOf(cloud).map((port) => [tapName(port.instanceId, port.index), port]));
  const nobodys = { instanceId: 'nobody', nic: { mac: '' } };
  const ports = links.filter((link) => link.startsWith('tap')).map((tap) => [tap, known.get(tap) ?? nobodys] as const);
  const disks = namesIn(join(cloud.state, 'agent', 'instances')).map((id) => [id, null] as const);
  return [{ hostId, name, host: { domains: new Map(domains), disks: new Map(disks), ports: new Map(ports) } }];
}

function portsOf(cloud: Cloud): readonly Port[] {
  const folder = join(cloud.state, 'agent', 'network', 'ports');
  return namesIn(folder).map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Port);
}

const namesIn = (folder: string): readonly string[] => (existsSync(folder) ? readdirSync(folder) : []);
