import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { writeWhole } from '@cairn/os';

import { exists } from '../../disks/disk-files';
import { JobFailure } from '../../ports/errors';

import type { Domains } from './domains';
import { type Virsh, VirshFailed } from './virsh';

const MARK = 'frozen';
/** An agent in the guest that froze its file systems answers; but what it froze may have made it slow. */
const THAW_TRIES = 10;
const THAW_AGAIN_MS = 500;
/** What libvirt says when it has asked nobody. */
const UNASKED = /agent is not (configured|connected)/;

/**
 * Guests whose file systems take no writes while their disk is copied. A mark in the guest's folder comes before the
 * freeze and goes after the thaw, so that the next agent can thaw what one that died in between has left.
 */
export class Frozen {
  constructor(
    private readonly virsh: Virsh,
    private readonly domains: Domains,
  ) {}

  /** Until `thaw`. @throws JobFailure `guest.not-quiesced` when they cannot be frozen. */
  async freeze(instanceId: string, folder: string): Promise<void> {
    if ((await this.domains.state(instanceId)) !== 'running') throw notQuiesced('the guest does not run');
    await writeWhole(join(folder, MARK), instanceId);
    try {
      await this.virsh.run('domfsfreeze', instanceId);
    } catch (error) {
      if (!(error instanceof VirshFailed)) throw error;
      if (UNASKED.test(error.said)) await this.forget(folder);
      else await this.thawIfPossible(instanceId, folder); // perhaps it froze, and only its answer is lost
      throw notQuiesced(error.said);
    }
  }

  /**
   * Also what an agent of the host that died has left frozen. A guest that is held thaws when it goes on.
   * @throws JobFailure `guest.not-quiesced` when they do not thaw.
   */
  async thaw(instanceId: string, folder: string): Promise<void> {
    if (!(await exists(join(folder, MARK)))) return;
    for (let left = THAW_TRIES; ; left -= 1) {
      const state = await this.domains.state(instanceId);
      if (state === 'paused') return;
      try {
        if (state === 'running') await this.virsh.run('domfsthaw', instanceId);
        break;
      } catch (error) {
        if (!(error instanceof VirshFailed)) throw error;
        if (left <= 1) throw notQuiesced(error.said);
        await pause(THAW_AGAIN_MS);
      }
    }
    await this.forget(folder);
  }

  /** The same, where an agent in the guest that does not answer is no reason to fail: the mark stays for the next time. */
  async thawIfPossible(instanceId: string, folder: string): Promise<void> {
    try {
      await this.thaw(instanceId, folder);
    } catch (error) {
      if (!(error instanceof JobFailure)) throw error;
    }
  }

  private forget(folder: string): Promise<void> {
    return rm(join(folder, MARK), { force: true });
  }
}

const notQuiesced = (said: string): JobFailure =>
  new JobFailure('guest.not-quiesced', `Failed to quiesce instance: ${said}`, true);
