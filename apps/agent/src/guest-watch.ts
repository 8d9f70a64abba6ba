import { deriveId, streamName, type StreamRef } from '@cairn/domain';
import type { InstanceSpec } from '@cairn/host-protocol';

import { type HostWatchParts, lookRegularly } from './host-watch';
import type { Journal } from './journal/journal';
import { backOff } from './ports/clock.port';
import type { Hypervisor, PowerState } from './ports/hypervisor.port';

/** A guest that changes may be about to come back (a reboot), or the whole machine to go: it is looked at again. */
const SURE_AFTER_MS = 3_000;
/** One look serves all changes that are told of within that time: a job makes several, and each look sees every guest. */
const GATHERED_MS = 500;

type Power = InstanceSpec['power'];

/** A guest without a domain is off. */
const powerOf = (seen: PowerState | undefined): Power => (seen === undefined || seen === 'absent' ? 'stopped' : seen);

/** What a guest was when it was seen last, and the job that had made it so. */
interface Known {
  readonly generation: number;
  readonly power: Power;
}

export interface GuestWatchParts extends HostWatchParts {
  readonly hypervisor: Pick<Hypervisor, 'list' | 'changes'>;
  readonly journal: Pick<Journal, 'present' | 'generation'>;
  /** Whether to look when the hypervisor tells of a change. */
  readonly follows: boolean;
}

/**
 * Notices guests that are not what the newest job of their server has made of them, and reports each change once. It
 * knows only what it has seen since the agent's start: what happened before, the restart of the host mends.
 */
export class GuestWatch {
  private readonly known = new Map<string, Known>();
  /** By the name of the domain: what the hypervisor told last. */
  private readonly causes = new Map<string, string>();
  private reports = 0;
  /** Resolves when the hypervisor tells of a change. */
  private told: PromiseWithResolvers<void> = Promise.withResolvers();

  constructor(private readonly parts: GuestWatchParts) {}

  /** What a job has just made of a guest. */
  note(resource: StreamRef, generation: number, power: PowerState): void {
    this.known.set(streamName(resource), { generation, power: powerOf(power) });
  }

  /** Looks whenever the hypervisor tells of a change, and every now and then, until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { follows } = this.parts;
    const following = follows ? [this.follow(signal), this.lookWhenTold(signal)] : [];
    await Promise.all([...following, lookRegularly(this.parts, signal, () => this.lookSafely(signal))]);
  }

  private async follow(signal: AbortSignal): Promise<void> {
    const { hypervisor, clock, log } = this.parts;
    for (let attempt = 0; !signal.aborted; attempt += 1) {
      try {
        for await (const { name, cause } of hypervisor.changes(signal)) {
          attempt = 0;
          this.causes.set(name, cause);
          this.told.resolve();
        }
      } catch (error) {
        log.warn('guests: the hypervisor tells of no changes; trying again', { error });
      }
      await clock.sleep(backOff(attempt, 1_000), signal);
    }
  }

  private async lookWhenTold(signal: AbortSignal): Promise<void> {
    signal.addEventListener('abort', () => {
      this.told.resolve();
    });
    while (!signal.aborted) {
      await this.told.promise;
      await this.parts.clock.sleep(GATHERED_MS, signal);
      this.told = Promise.withResolvers();
      await this.lookSafely(signal);
    }
  }

  private async lookSafely(signal: AbortSignal): Promise<void> {
    try {
      if (!signal.aborted) await this.look(signal);
    } catch (error) {
      this.parts.log.warn('guests: could not be looked at; the next look comes', { error });
    }
  }

  /** One look. What has changed is looked at again before it is reported. */
  async look(signal?: AbortSignal): Promise<void> {
    const changed = await this.changed();
    if (changed.size === 0) return;
    await this.parts.clock.sleep(SURE_AFTER_MS, signal);
    if (signal?.aborted === true) return;
    const still = await this.changed();
    for (const [name, change] of still) {
      if (changed.get(name)?.now === change.now) await this.report(change);
    }
  }

  /** The resources whose guests are not as they were, by the names of their streams. */
  private async changed(): Promise<ReadonlyMap<string, Change>> {
    const { hypervisor, journal, isBusy } = this.parts;
    const changes = new Map<string, Change>();
    const resources = (await journal.present()).map(({ resource }) => resource);
    const before = new Map<string, number | undefined>();
    for (const resource of resources) before.set(streamName(resource), await journal.generation(resource));
    const domains = new Map((await hypervisor.list()).map((domain) => [domain.instanceId, domain]));
    for (const resource of resources) {
      const name = streamName(resource);
      const generation = await journal.generation(resource);
      if (generation === undefined || generation !== before.get(name) || isBusy(resource)) continue;
      const domain = domains.get(resource.id);
      const now = powerOf(domain?.power);
      const then = this.known.get(name);
      if (then?.generation !== generation) this.known.set(name, { generation, power: now });
      else if (then.power !== now) changes.set(name, { resource, generation, now, domain: domain?.name ?? null });
    }
    return changes;
  }

  private async report({ resource, generation, now: power, domain }: Change): Promise<void> {
    const { bootId, hostId, append, log } = this.parts;
    const cause = domain === null ? GONE : (this.causes.get(domain) ?? UNKNOWN);
    this.note(resource, generation, power);
    this.reports += 1;
    log.info('guests: one has changed by itself', { resource: streamName(resource), power, cause });
    await append(deriveId(bootId, 'power', this.reports), {
      type: 'agent.power-changed.v1',
      data: { hostId, bootId, resource, generation, power, cause },
    });
  }
}

interface Change {
  readonly resource: StreamRef;
  readonly generation: number;
  readonly now: Power;
  /** Null: the host has no such domain any more. */
  readonly domain: string | null;
}

const GONE = 'Its domain was removed from the host.';
const UNKNOWN = 'The host does not know why.';
