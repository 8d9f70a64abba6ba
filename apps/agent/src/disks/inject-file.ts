import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import { endedBy, pidsWithArgument } from '../drivers/process-table';
import { runLimited, TOOL_LIMITS, type ToolEnd } from './limited-tool';

/** What keeps a file from being written; the guest does without it. */
export class NotInjected extends Error {}

/**
 * Writes a file into the ext file system of a qcow2 disk that no guest uses. Nothing is mounted: QEMU shows the disk's bytes
 * as a file, and debugfs changes them, as a process under limits.
 * @param path absolute, of plain names
 * @throws NotInjected for a disk without such a file system, or with one that was not left clean.
 */
export async function injectFile(disk: string, path: string, text: string): Promise<void> {
  const folder = `${disk}.inject`;
  for (const pid of await pidsWithArgument(exportOf(join(folder, 'raw')))) await end(pid); // of a crash
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { mode: 0o700 });
  const [raw, content] = [join(folder, 'raw'), join(folder, 'content')];
  try {
    await writeFile(raw, '');
    await writeFile(content, text);
    const pid = await expose(disk, raw, join(folder, 'pid'));
    try {
      await write(await rootOf(raw), content, path, text);
    } finally {
      await end(pid);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const exportOf = (raw: string): string => `type=fuse,id=raw,node-name=disk,mountpoint=${raw},writable=on`;

/** Shows the disk's bytes at that path until the process ends. @returns its pid */
async function expose(disk: string, raw: string, pidFile: string): Promise<number> {
  const node = `driver=qcow2,node-name=disk,file.driver=file,file.filename=${disk}`;
  const args = ['--blockdev', node, '--export', exportOf(raw), '--daemonize', '--pidfile', pidFile];
  const { code, stderr } = await runLimited('qemu-storage-daemon', args);
  if (code !== 0) throw new NotInjected(`the disk cannot be shown as a file: ${stderr.slice(0, 500)}`);
  return Number(await readFile(pidFile, 'utf8'));
}

/** What it has changed is on the disk when it has ended. */
async function end(pid: number): Promise<void> {
  if (await endedBy('SIGTERM', pid, TOOL_LIMITS.wallMs)) return;
  await endedBy('SIGKILL', pid, TOOL_LIMITS.wallMs);
  throw new Error(`the process ${String(pid)} that showed a disk as a file did not end`);
}

/** The file system with /etc, as debugfs names it. */
async function rootOf(raw: string): Promise<string> {
  for (const offset of [0, ...(await partitions(raw))]) {
    const device = `${raw}?offset=${String(offset)}`;
    if (!(await hasFolder(device, '/etc'))) continue;
    const { stdout: features } = await ask(device, 'features');
    if (features.includes('needs_recovery')) throw new NotInjected('the file system was not left clean');
    return device;
  }
  throw new NotInjected('there is no ext file system with /etc');
}

interface PartitionTable {
  readonly partitiontable?: {
    readonly sectorsize?: number;
    readonly partitions?: readonly { readonly start: number }[];
  };
}

/** Where the partitions of the disk begin, in bytes; none for one that is a file system as a whole. */
async function partitions(raw: string): Promise<readonly number[]> {
  const { code, stdout } = await runLimited('sfdisk', ['--json', raw]);
  if (code !== 0) return [];
  const { partitiontable: { sectorsize = 512, partitions: all = [] } = {} } = JSON.parse(stdout) as PartitionTable;
  return all.map(({ start }) => start * sectorsize);
}

const ask = (device: string, command: string): Promise<ToolEnd> => runLimited('debugfs', ['-R', command, device]);

const hasFolder = async (device: string, folder: string): Promise<boolean> =>
  (await ask(device, `stat ${folder}`)).stdout.includes('Type: directory');

async function write(device: string, content: string, path: string, text: string): Promise<void> {
  const [folder, name] = [dirname(path), basename(path)];
  // a folder that is there already would be made halfway again, and the file system be corrupt
  const make = (await hasFolder(device, folder)) ? [] : [`mkdir ${folder}`];
  const commands = [...make, `cd ${folder}`, `rm ${name}`, `write ${content} ${name}`];
  const script = `${content}.commands`;
  await writeFile(script, [...commands, `set_inode_field ${name} mode 0100644`, ''].join('\n'));
  const { stderr } = await runLimited('debugfs', ['-w', '-f', script, device]);
  if ((await ask(device, `cat ${path}`)).stdout !== text)
    throw new NotInjected(`the file could not be written: ${stderr.slice(0, 500)}`);
}
