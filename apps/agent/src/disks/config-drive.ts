import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import type { DriveFiles } from '../ports/controller.port';

import { runDiskTool } from './disk-tool';
import { createSparse, MIB } from './raw-disks';

/** By which cloud-init and other agents find it. */
const LABEL = 'config-2';
/** As large as nova makes it. */
const VFAT_BYTES = 64 * MIB;

/** A relative path of plain names: the files come from the controller, yet none may be written elsewhere. */
const PLAIN = /^[\w][\w.-]*(\/[\w][\w.-]*)*$/;

/**
 * Makes a configuration drive of these files.
 * @param path where nothing is yet; while it is made, the files are beside it, for no other user to read.
 * @throws JobFailure, or a system error.
 */
export async function makeConfigDrive(path: string, format: 'iso9660' | 'vfat', files: DriveFiles): Promise<void> {
  const tree = `${path}.files`;
  await rm(tree, { recursive: true, force: true }); // of a crash
  try {
    await writeTree(tree, files);
    await (format === 'iso9660' ? makeIso(path, tree) : makeVfat(path, tree));
  } finally {
    await rm(tree, { recursive: true, force: true });
  }
}

async function writeTree(tree: string, files: DriveFiles): Promise<void> {
  await mkdir(tree, { mode: 0o700 });
  for (const [name, body] of files) {
    if (!PLAIN.test(name)) throw new Error(`not a file of a configuration drive: ${name}`);
    const file = join(tree, name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, body, { flag: 'wx' });
  }
}

/** With the extensions by which names keep their letters and lengths: Rock Ridge and Joliet. */
const makeIso = (path: string, tree: string): Promise<void> =>
  runDiskTool('genisoimage', [
    '-quiet',
    '-ldots',
    '-allow-lowercase',
    '-allow-multidot',
    '-l',
    '-J',
    '-r',
    '-publisher',
    'OpenStack Nova',
    '-V',
    LABEL,
    '-o',
    path,
    tree,
  ]);

async function makeVfat(path: string, tree: string): Promise<void> {
  await createSparse(path, VFAT_BYTES);
  await runDiskTool('mkfs.vfat', ['-n', LABEL, path]);
  await runDiskTool('mcopy', ['-Q', '-s', '-i', path, join(tree, 'ec2'), join(tree, 'openstack'), '::']);
}
