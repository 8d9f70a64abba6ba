import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { type Cloud, eventually } from '../e2e/cloud';

import { processesOf } from './traces';

/**
 * What a power failure does to a cloud on its machine: every process of it is gone at once, the guests' and libvirt's
 * too, and with them what only the kernel and /run knew. Disks stay.
 */
export async function powerOff(cloud: Cloud, bridge: string): Promise<void> {
  const libvirtIsOurs = existsSync(join(cloud.state, 'run', 'libvirtd.pid'));
  await eventually(
    () => {
      const all = processesOf(cloud);
      for (const one of all) end(Number.parseInt(one, 10));
      return Promise.resolve(all);
    },
    (all) => all.length === 0,
    { everyMs: 50 },
  );
  if (libvirtIsOurs && existsSync('/run/libvirt'))
    for (const name of readdirSync('/run/libvirt')) rmSync(join('/run/libvirt', name), { recursive: true });
  const lines = async (program: string, ...args: readonly string[]): Promise<readonly string[]> =>
    (await cloud.run(program, args)).stdout.split('\n');
  for (const line of await lines('ip', '-br', 'link', 'show', 'master', bridge))
    if (line !== '') await cloud.run('ip', ['link', 'delete', line.split(/[ @]/)[0] ?? '']);
  await cloud.run('ip', ['link', 'delete', bridge]);
  for (const table of await lines('nft', 'list', 'tables'))
    if (table.includes('cairn')) await cloud.run('nft', ['delete', ...table.split(' ')]);
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended meanwhile.
  }
}
