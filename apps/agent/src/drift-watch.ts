import { deriveId, streamName, type StreamRef } from '@cairn/domain';
import { driftEventId } from '@cairn/host-protocol';

import { type HostWatchParts, lookRegularly } from './host-watch';

/** What becomes of a guest whose server is deleted: it is removed, reported, or neither. */
export type DeletedGuestAction = 'reap' | 'log' | 'noop';

export interface DriftWatchParts extends HostWatchParts {
  readonly action: DeletedGuestAction;
}

/**
 * Notices domains that no job of this host has made, or that are there although a job has removed them. The agent removes
 * none by itself: the controller knows which servers are deleted, and asks for it.
 */
export class DriftWatch {
  /** Domains that were reported and are still there. */
  private known = new Set<string>();
  private reports = 0;

  constructor(private readonly parts: DriftWatchParts) {}

  /** Looks every now and then until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    if (this.parts.action !== 'noop') await lookRegularly(this.parts, signal, () => this.lookSafely());
  }

  private async lookSafely(): Promise<void> {
    try {
      await this.look();
    } catch (error) {
      this.parts.log.warn('drift: the host could not be looked at; the next look comes', { error });
    }
  }

  /** One look. Each domain is reported once, as long as it is there. */
  async look(): Promise<void> {
    const { hypervisor, journal, isBusy } = this.parts;
    const present = new Set((await journal.present()).map(({ resource }) => streamName(resource)));
    const found = (await hypervisor.list())
      .map(({ instanceId, name }) => ({ resource: { category: 'instance', id: instanceId }, name }))
      .filter(({ resource }) => !present.has(streamName(resource)) && !isBusy(resource));
    for (const { resource, name } of found) if (!this.known.has(name)) await this.report(resource, name);
    this.known = new Set(found.map(({ name }) => name));
  }

  private async report(resource: StreamRef, name: string): Promise<void> {
    const { bootId, hostId, append, log, action } = this.parts;
    const kind = resource.id === '' ? 'foreign-domain' : 'unknown-instance';
    log.warn('drift: a domain that the journal does not know', { kind, name });
    this.reports += 1;
    await append(deriveId(driftEventId(bootId, kind, name), this.reports), {
      type: 'agent.drift-detected.v1',
      data: { hostId, bootId, kind, name, ...(resource.id === '' || action !== 'reap' ? {} : { resource }) },
    });
  }
}
