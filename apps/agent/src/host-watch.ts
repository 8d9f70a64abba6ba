import type { StreamRef } from '@cairn/domain';
import type { AgentEvent } from '@cairn/host-protocol';

import type { Journal } from './journal/journal';
import type { Clock } from './ports/clock.port';
import type { Hypervisor } from './ports/hypervisor.port';
import type { Log } from './ports/log.port';

/** What each watch over the guests of a host works with. */
export interface HostWatchParts {
  readonly bootId: string;
  readonly hostId: string;
  readonly hypervisor: Pick<Hypervisor, 'list'>;
  readonly journal: Pick<Journal, 'present'>;
  /** Whether a job of the resource runs or waits. */
  readonly isBusy: (resource: StreamRef) => boolean;
  readonly append: (id: string, event: AgentEvent) => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
  /** How often to look, besides other reasons for a look; 0: never. */
  readonly everyMs: number;
}

/** Waits, looks, and begins again, until the signal aborts. */
export async function lookRegularly(
  { everyMs, clock }: Pick<HostWatchParts, 'everyMs' | 'clock'>,
  signal: AbortSignal,
  look: () => Promise<void>,
): Promise<void> {
  if (everyMs <= 0) return;
  for (;;) {
    await clock.sleep(everyMs, signal);
    if (signal.aborted) return;
    await look();
  }
}
