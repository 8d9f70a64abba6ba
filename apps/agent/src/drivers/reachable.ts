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
  for (const directory of directories) {
    if (((await stat(directory)).mode & OTHERS_MAY_ENTER) === 0) return directory;
  }
  return null;
}
