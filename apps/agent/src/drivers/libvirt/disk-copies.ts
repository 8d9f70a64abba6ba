import { createReadStream } from 'node:fs';
import { readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { makeWhole } from '@cairn/os';

import { exists } from '../../disks/disk-files';
import { runDiskTool } from '../../disks/disk-tool';
import { JobFailure } from '../../ports/errors';
import type { DiskCopy } from '../../ports/hypervisor.port';

import type { Domains } from './domains';
import type { Frozen } from './frozen';
import { type Virsh, VirshFailed } from './virsh';
import { xml } from './xml';

const PREFIX = 'copy-';
const POLL_MS = 250;
/** Copying takes as long as the host's disk takes. */
const LIMIT_MS = 3 * 3_600_000;
const LIMITS = { wallMs: LIMIT_MS, cpuSeconds: 3_600, memoryBytes: 4 * 1024 ** 3 };
/** A guest that ends, or starts, while its disk is copied has it copied again. */
const TRIES = 3;

interface Wanted {
  readonly instanceId: string;
  readonly folder: string;
  /** Path of the disk. */
  readonly root: string;
  readonly name: string;
  readonly quiesce: 'try' | 'require' | undefined;
}

/** Copies of root disks, `copy-<name>` in the folder of their instance. */
export class DiskCopies {
  constructor(
    private readonly virsh: Virsh,
    private readonly domains: Domains,
    private readonly frozen: Frozen,
  ) {}

  /** @param quiesce as `Hypervisor.copyRoot` says */
  async take(wanted: Wanted): Promise<DiskCopy> {
    const { instanceId, folder } = wanted;
    const name = `${PREFIX}${wanted.name}`;
    const path = join(folder, name);
    await this.endOldWork(instanceId);
    await this.frozen.thawIfPossible(instanceId, folder);
    await this.drop(folder, name);
    let quiesced: boolean | undefined;
    if (!(await exists(path)))
      await makeWhole(path, async (draft) => {
        quiesced = await this.fill(wanted, draft);
      });
    return {
      ...(quiesced === undefined ? {} : { quiesced }),
      sizeBytes: (await stat(path)).size,
      bytes: () => createReadStream(path, { highWaterMark: 1024 * 1024 }),
      discard: () => rm(path, { force: true }),
    };
  }

  /** Takes away all copies but one. */
  async drop(folder: string, kept?: string): Promise<void> {
    for (const name of await readdir(folder))
      if (name.startsWith(PREFIX) && name !== kept) await rm(join(folder, name), { force: true });
  }

  /** @returns whether the guest's file systems were frozen; a guest that is off has written all that it will. */
  private async fill(wanted: Wanted, draft: string): Promise<boolean> {
    const { instanceId, root } = wanted;
    for (let left = TRIES; left > 0; left -= 1) {
      await rm(draft, { force: true });
      if ((await this.domains.state(instanceId)) === 'off') {
        await runDiskTool('qemu-img', ['convert', '-q', '-f', 'qcow2', '-O', 'qcow2', root, draft], LIMITS);
        return false;
      }
      const quiesced = await this.backUp(wanted, draft);
      if (quiesced !== null) return quiesced;
    }
    throw new JobFailure('disk.failed', 'The guest did not stay as it was while its disk was copied.', false);
  }

  /**
   * QEMU copies what the disk held when the job began, wherever it comes from, into a file of its own: no file of the
   * guest's own disk is touched or replaced. File systems that are frozen for it thaw as soon as it has begun.
   * @returns whether it was frozen; null when the guest ended before that.
   */
  private async backUp(wanted: Wanted, draft: string): Promise<boolean | null> {
    const { instanceId, folder, root } = wanted;
    const job = `${draft}.xml`;
    await writeFile(job, await this.jobOf(instanceId, root, draft), { mode: 0o600 });
    try {
      const quiesced = await this.freeze(wanted);
      try {
        await this.virsh.run('backup-begin', instanceId, job);
      } finally {
        if (quiesced) await this.frozen.thaw(instanceId, folder);
      }
      return (await this.isBackedUp(instanceId)) ? quiesced : null;
    } catch (error) {
      if (error instanceof VirshFailed && error.said.includes('domain is not running')) return null;
      throw error;
    } finally {
      await rm(job, { force: true });
    }
  }

  /** @returns whether the file systems are frozen from now on; false where they need not be, and cannot. */
  private async freeze({ instanceId, folder, quiesce }: Wanted): Promise<boolean> {
    if (quiesce === undefined) return false;
    try {
      await this.frozen.freeze(instanceId, folder);
      return true;
    } catch (error) {
      const isUnable = error instanceof JobFailure && error.code === 'guest.not-quiesced';
      if (isUnable && quiesce === 'try') return false;
      throw error;
    }
  }

  private async jobOf(instanceId: string, root: string, draft: string): Promise<string> {
    const disks = blockDevices(await this.virsh.run('domblklist', instanceId));
    return xml`<domainbackup mode='push'><disks>
${disks.map(({ target, source }) =>
  source === root
    ? xml`  <disk name='${target}' backup='yes' type='file'><driver type='qcow2'/><target file='${draft}'/></disk>`
    : xml`  <disk name='${target}' backup='no'/>`,
)}
</disks></domainbackup>`.text;
  }

  private async isBackedUp(instanceId: string): Promise<boolean> {
    const until = Date.now() + LIMIT_MS;
    while (Date.now() < until) {
      const job = await this.jobInfo(instanceId);
      if (/^Job type:\s+None/m.test(job)) return this.wasCompleted(instanceId);
      await pause(POLL_MS);
    }
    await this.endOldWork(instanceId);
    throw new JobFailure('disk.failed', 'The host could not copy the disk in time.', false);
  }

  private async wasCompleted(instanceId: string): Promise<boolean> {
    const ended = await this.jobInfo(instanceId, '--completed');
    if (/^Job type:\s+Completed/m.test(ended)) return true;
    if ((await this.domains.state(instanceId)) === 'off') return false;
    throw new JobFailure('disk.failed', 'The host could not copy the disk.', false);
  }

  private async jobInfo(instanceId: string, ...flags: readonly string[]): Promise<string> {
    try {
      return await this.virsh.run('domjobinfo', instanceId, ...flags);
    } catch (error) {
      if (error instanceof VirshFailed && error.said.includes('domain is not running')) return 'Job type: None';
      throw error;
    }
  }

  /** The copying of an agent that died goes on in QEMU, and would be in the way. */
  private async endOldWork(instanceId: string): Promise<void> {
    if ((await this.domains.state(instanceId)) === 'off') return;
    await this.virsh.run('domjobabort', instanceId).catch((error: unknown) => {
      if (!(error instanceof VirshFailed)) throw error; // there is none, as a rule
    });
  }
}

/** Of `virsh domblklist`: the name of each disk, and its file. */
export const blockDevices = (listed: string): readonly { readonly target: string; readonly source: string }[] =>
  [...listed.matchAll(/^\s*([a-z]d[a-z]+)\s+(.*\S)\s*$/gm)].map(([, target = '', source = '']) => ({ target, source }));
