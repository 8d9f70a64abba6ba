import { join } from 'node:path';

import { machineBootId } from '../machine-boot';
import { argumentsOf, readPidFile, startTicksOf } from '../process-table';

/** Where libvirt keeps QEMU's pid files. */
const QEMU_RUN_DIR = '/run/libvirt/qemu';

/** QEMU's pid for a running domain, or null. A pid file may outlive its process, so the process is asked for the domain. */
export async function qemuPidOf(instanceId: string, domainName: string): Promise<number | null> {
  const pid = await readPidFile(join(QEMU_RUN_DIR, `${domainName}.pid`));
  if (pid === null) return null;
  const args = await argumentsOf(pid);
  return args?.includes(instanceId) === true ? pid : null;
}

/** Boot of the machine, pid and start time of QEMU: no two runs of a guest have the same. */
export async function incarnationOf(instanceId: string, domainName: string): Promise<string | null> {
  const pid = await qemuPidOf(instanceId, domainName);
  if (pid === null) return null;
  const started = await startTicksOf(pid);
  return started === null ? null : `${await machineBootId()}/${String(pid)}/${started}`;
}
