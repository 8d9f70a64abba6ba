import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

const OTHERS_MAY_ENTER = 0o001;

/**
 * The first directory on the way to `path` that another user may not enter, or null. Daemons that give up root
 * (QEMU as libvirt-qemu, dnsmasq) fail late and obscurely behind such a directory.
 */
export async function closedDirectoryOf(path: string): Promise<string | null> {
  const directories: string[] = [];
  for (let at = dirname(resolve(path)); ; at = dirname(at)) {
    directories.unshift(at);
    if (at === dirname(at)) break;
  }
  const modes = await Promise.all(directories.map(async (directory) => (await stat(directory)).mode));
  return directories.find((_, i) => ((modes[i] ?? 0) & OTHERS_MAY_ENTER) === 0) ?? null;
}
