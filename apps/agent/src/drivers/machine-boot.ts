import { readFile } from 'node:fs/promises';

/** The kernel's own name for this boot of the machine. */
export const machineBootId = async (): Promise<string> =>
  (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
