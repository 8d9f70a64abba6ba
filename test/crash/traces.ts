import { readdirSync, readFileSync } from 'node:fs';

import { type Cloud, isStateOfAnother } from '../e2e/cloud';
import { outside } from '../e2e/outside-address';

const text = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // it ended meanwhile
  }
};

/** Command lines of the processes that this cloud's scripts and programs started: all have its state folder with them. */
export const processesOf = ({ state }: Cloud): readonly string[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => `${text(`/proc/${pid}/environ`)}\0${text(`/proc/${pid}/cmdline`)}`.includes(state))
    .map((pid) => `${pid} ${text(`/proc/${pid}/cmdline`).replaceAll('\0', ' ')}`);

/** All that a cloud could leave on its machine, to be compared before and after, while other tests have clouds on it. */
export async function machineNow(cloud: Cloud): Promise<Readonly<Record<string, readonly string[]>>> {
  const lines = async (program: string, ...args: readonly string[]): Promise<readonly string[]> =>
    (await cloud.run(program, args)).stdout.split('\n').filter((line) => line !== '');
  const running = ['pgrep', '-r', 'D,R,S', '-x'] as const; // what has ended may wait a while for init to take note
  const links = (await lines('ip', '-br', 'link')).map((line) => line.split(/\s/)[0] ?? '');
  return {
    links,
    addresses: (await lines('ip', '-br', 'address')).map((line) => line.replace(outside.cidr, '').replace(/\s+/g, ' ')),
    routes: await lines('ip', 'route'),
    namespaces: await lines('ip', 'netns', 'list'),
    tables: await lines('nft', 'list', 'tables'),
    domains: await lines('virsh', '-q', '-c', 'qemu:///system', 'list', '--all', '--name'),
    mounts: text('/proc/self/mounts')
      .split('\n')
      .filter((line) => !isStateOfAnother(cloud, line.split(' ')[1] ?? '')),
    forwarding: [text('/proc/sys/net/ipv4/ip_forward')],
    daemons: [...(await lines(...running, 'libvirtd')), ...(await lines(...running, 'virtlogd'))],
    processes: processesOf(cloud),
  };
}
