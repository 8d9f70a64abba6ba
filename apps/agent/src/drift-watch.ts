import { deriveId, streamName, type StreamRef } from '@cairn/domain';
import { type AgentEvent, driftEventId } from '@cairn/host-protocol';

import type { Journal } from './journal/journal';
import type { Clock } from './ports/clock.port';
import type { Hypervisor } from './ports/hypervisor.port';
import type { Log } from './ports/log.port';

/** What becomes of a guest whose server is deleted: it is removed, reported, or neither. */
export type DeletedGuestAction = 'reap' | 'log' | 'noop';

export interface DriftWatchParts {
  readonly bootId: string;
  readonly hostId: string;
  readonly hypervisor: Pick<Hypervisor, 'list'>;
  readonly journal: Pick<Journal, 'present'>;
  /** Whether a job of the resource runs or waits. */
  readonly isBusy: (resource: StreamRef) => boolean;
  readonly append: (id: string, event: AgentEvent) => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
  /** How often to look after the start; 0: never. */
  readonly everyMs: number;
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
    const { clock, everyMs, action } = this.parts;
    while (everyMs > 0 && action !== 'noop' && !signal.aborted) {
      await clock.sleep(everyMs, signal);
      await this.lookSafely(signal);
    }
  }

  private async lookSafely(signal: AbortSignal): Promise<void> {
    try {
      if (!signal.aborted) await this.look();
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
