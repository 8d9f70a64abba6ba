import { readFile, statfs } from 'node:fs/promises';
import { arch } from 'node:os';

import type { Inventory } from '@cairn/host-protocol';

export type HostFacts = Pick<Inventory, 'vcpus' | 'ramMb' | 'diskGb' | 'cpu'>;

const GIB = 1024 ** 3;

/**
 * What this host has, from /proc: `virsh nodeinfo` was seen to tell a fifth of the memory.
 * The disk is the whole file system that holds `directory`, as nova counts local_gb.
 */
export async function readHostFacts(directory: string): Promise<HostFacts> {
  const cpuinfo = await readFile('/proc/cpuinfo', 'utf8');
  const meminfo = await readFile('/proc/meminfo', 'utf8');
  const disk = await statfs(directory);
  return {
    ...parseCpuinfo(cpuinfo),
    ramMb: parseMemTotalMb(meminfo),
    diskGb: Math.floor((disk.blocks * disk.bsize) / GIB),
  };
}

/** /proc/meminfo counts in KiB. */
export function parseMemTotalMb(meminfo: string): number {
  const kib = /^MemTotal:\s+(\d+) kB$/m.exec(meminfo)?.[1];
  if (kib === undefined) throw new Error('/proc/meminfo names no MemTotal');
  return Math.floor(Number(kib) / 1024);
}

export function parseCpuinfo(cpuinfo: string): Pick<Inventory, 'vcpus' | 'cpu'> {
  const processors = cpuinfo
    .split(/\n\n+/)
    .map((block) => new Map(block.split('\n').map(keyAndValue)))
    .filter((processor) => processor.has('processor'));
  const first = processors[0];
  if (first === undefined) throw new Error('/proc/cpuinfo names no processor');
  const sockets = Math.max(1, new Set(processors.map((processor) => processor.get('physical id') ?? '0')).size);
  const cores = count(first.get('cpu cores'));
  return {
    vcpus: processors.length,
    cpu: {
      arch: arch() === 'x64' ? 'x86_64' : arch(),
      model: first.get('model name') ?? 'unknown',
      vendor: first.get('vendor_id') ?? 'unknown',
      sockets,
      cores,
      threads: Math.max(1, Math.floor(count(first.get('siblings')) / cores)),
      features: (first.get('flags') ?? '').split(' ').filter((flag) => flag !== ''),
    },
  };
}

const count = (text: string | undefined): number => Math.max(1, Number(text ?? '1'));

function keyAndValue(line: string): readonly [string, string] {
  const colon = line.indexOf(':');
  return [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
}
