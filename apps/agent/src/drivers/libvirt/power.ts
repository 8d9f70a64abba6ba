import { setTimeout as pause } from 'node:timers/promises';

import type { InstanceSpec } from '@cairn/host-protocol';

import { JobFailure } from '../../ports/errors';

import { type Domains, orNullIfGone } from './domains';
import { type Virsh, VirshFailed } from './virsh';

export interface PowerLimits {
  /** How long a guest may take to shut down after it was asked by ACPI. nova 26.1: 60 s (`shutdown_timeout`). */
  readonly softStopMs: number;
  /** The guest is asked again at this interval: early in its boot nobody listens. nova 26.1: 10 s. */
  readonly askAgainMs: number;
}

/** Waiting for a state that libvirt only answers when asked. */
const POLL_MS = 250;
/** QEMU ends at once when it is killed; longer means that it hangs in the kernel. */
const DESTROY_LIMIT_MS = 30_000;

/** Brings defined domains up and down. Every verb converges. */
export class Power {
  constructor(
    private readonly virsh: Virsh,
    /** For what writes or reads all of a guest's memory. */
    private readonly patientVirsh: Virsh,
    private readonly domains: Domains,
    private readonly limits: PowerLimits,
  ) {}

  /** Brings a domain to a power, from whatever it is in. */
  bring(instanceId: string, power: InstanceSpec['power']): Promise<void> {
    switch (power) {
      case 'running':
        return this.on(instanceId);
      case 'stopped':
        return this.offSoftly(instanceId);
      case 'paused':
        return this.pause(instanceId);
      case 'suspended':
        return this.save(instanceId);
    }
  }

  /** Starts the guest, or lets it go on: with the memory that was saved, where there is any. */
  private async on(instanceId: string): Promise<void> {
    const state = await this.domains.state(instanceId);
    if (state === 'running') return;
    if (state === 'paused') {
      await this.virsh.run('resume', instanceId);
      return;
    }
    await this.start(instanceId);
  }

  /** A guest that lost its memory with its host's power is started without running: going on, it boots. */
  private async pause(instanceId: string): Promise<void> {
    const state = await this.domains.state(instanceId);
    if (state === 'running') await this.virsh.run('suspend', instanceId);
    if (state === 'off') await this.start(instanceId, '--paused');
  }

  /** libvirt's managed save: it outlives the machine's power, and the next start goes on from it. */
  private async save(instanceId: string): Promise<void> {
    if ((await this.domains.state(instanceId)) === 'off') return;
    await unlessNotRunning(orNullIfGone(this.patientVirsh.run('managedsave', instanceId, '--running')));
  }

  private async start(instanceId: string, ...flags: readonly string[]): Promise<void> {
    try {
      await this.patientVirsh.run('start', instanceId, ...flags);
    } catch (error) {
      // Somebody else started it in between: the wanted state is reached.
      if (error instanceof VirshFailed && error.said.includes('already active')) return;
      throw error;
    }
  }

  /** Asks the guest by ACPI, again and again; when the limit has passed, ends it. */
  private async offSoftly(instanceId: string): Promise<void> {
    const deadline = Date.now() + this.limits.softStopMs;
    while (Date.now() < deadline && (await this.domains.state(instanceId)) === 'running') {
      await this.ask(instanceId);
      const askAgainAt = Math.min(deadline, Date.now() + this.limits.askAgainMs);
      if (await this.isOffBy(instanceId, askAgainAt)) return;
    }
    await this.offForBoot(instanceId);
  }

  /** Off, and the next start boots: memory that libvirt saved goes, too. */
  async offForBoot(instanceId: string): Promise<void> {
    if ((await this.domains.state(instanceId)) === 'off')
      await orNullIfGone(this.virsh.run('managedsave-remove', instanceId));
    else await this.off(instanceId);
  }

  /** Ends the guest as pulling its plug would. */
  async off(instanceId: string): Promise<void> {
    if ((await this.domains.state(instanceId)) === 'off') return;
    await unlessNotRunning(orNullIfGone(this.virsh.run('destroy', instanceId)));
    if (await this.isOffBy(instanceId, Date.now() + DESTROY_LIMIT_MS)) return;
    throw new JobFailure('hypervisor.failed', `The guest of instance ${instanceId} cannot be ended`, false);
  }

  private async ask(instanceId: string): Promise<void> {
    try {
      await this.virsh.run('shutdown', instanceId, '--mode', 'acpi');
    } catch (error) {
      // The guest may end between the look and the question; anything else shows in its state.
      if (!(error instanceof VirshFailed)) throw error;
    }
  }

  private async isOffBy(instanceId: string, deadline: number): Promise<boolean> {
    for (;;) {
      if ((await this.domains.state(instanceId)) === 'off') return true;
      if (Date.now() >= deadline) return false;
      await pause(POLL_MS);
    }
  }
}

async function unlessNotRunning(done: Promise<unknown>): Promise<void> {
  try {
    await done;
  } catch (error) {
    if (!(error instanceof VirshFailed && error.said.includes('domain is not running'))) throw error;
  }
}
