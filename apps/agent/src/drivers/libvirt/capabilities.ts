import { readFile } from 'node:fs/promises';

import { capabilitiesOf, DISK_BUSES, type HostCapability, VIDEO_MODELS } from '@cairn/domain';

import { CommandFailed, runCommand } from '../host-command';
import { vlansMissing } from '../linux-network/vlans';

import type { Firmware } from './firmware';
import type { Virsh } from './virsh';

/** What this host can do for the machines of its guests, as libvirt, QEMU's firmware and the kernel say. Sorted. */
export async function capabilitiesHere(virsh: Virsh, firmware: readonly Firmware[]): Promise<readonly string[]> {
  const [host, domain, cpuLimits, nicLimits, noVlans] = await Promise.all([
    virsh.run('capabilities'),
    virsh.run('domcapabilities', '--machine', 'pc'),
    limitsProcessors(),
    limitsTraffic(),
    vlansMissing(),
  ]);
  const buses = valuesIn(domain, 'disk', 'bus');
  const video = valuesIn(domain, 'video', 'modelType');
  const can: Readonly<Record<HostCapability, boolean>> = {
    firmware: firmware.some(({ secureBoot }) => !secureBoot),
    secureBoot: firmware.some(({ secureBoot }) => secureBoot),
    cpuLimits,
    nicLimits,
    vlans: noVlans === null,
  };
  const has = (Object.keys(can) as HostCapability[]).filter((word) => can[word]);
  const models = {
    machineType: machinesIn(host),
    diskBus: DISK_BUSES.filter((bus) => buses.includes(bus)),
    videoModel: VIDEO_MODELS.filter((model) => video.includes(model)),
  };
  return [...capabilitiesOf(models, has)].sort();
}

/** The machines that QEMU emulates as PCs, of `virsh capabilities`. */
export const machinesIn = (capabilities: string): readonly string[] => [
  ...new Set([...capabilities.matchAll(/<machine [^>]*>((?:pc|q35)[^<]*)</g)].map(([, name]) => name ?? '')),
];

/** The values of an enumeration in `virsh domcapabilities`. */
export function valuesIn(domcapabilities: string, device: string, enumeration: string): readonly string[] {
  const [, part = ''] = new RegExp(`<${device} supported='yes'>(.*?)</${device}>`, 's').exec(domcapabilities) ?? [];
  const [, values = ''] = new RegExp(`<enum name='${enumeration}'>(.*?)</enum>`, 's').exec(part) ?? [];
  return [...values.matchAll(/<value>([^<]*)</g)].map(([, value]) => value ?? '');
}

/** Whether libvirt can give a guest shares of the processors: as nova looks, by a control group for them. */
const limitsProcessors = async (): Promise<boolean> => hasCpuControl(await readFile('/proc/self/mounts', 'utf8'));

export const hasCpuControl = (mounts: string): boolean =>
  mounts.split('\n').some((line) => {
    const [, path = '', type, options = ''] = line.split(' ');
    return (
      (type === 'cgroup' && options.split(',').includes('cpu')) || (type === 'cgroup2' && path === '/sys/fs/cgroup')
    );
  });

/** Whether the kernel has what libvirt limits traffic with; tried in a network namespace that ends with the command. */
async function limitsTraffic(): Promise<boolean> {
  const commands = [
    'tc qdisc add dev lo root handle 1: htb default 1',
    'tc class add dev lo parent 1: classid 1:1 htb rate 1mbit',
    'tc qdisc add dev lo parent 1:1 handle 2: sfq perturb 10',
    'tc qdisc add dev lo ingress',
    'tc filter add dev lo parent ffff: protocol all u32 match u32 0 0 police rate 1mbit burst 64kb mtu 64kb drop',
  ];
  try {
    await runCommand('unshare', ['--net', 'sh', '-ec', commands.join('\n')]);
    return true;
  } catch (error) {
    if (error instanceof CommandFailed) return false;
    throw error;
  }
}
