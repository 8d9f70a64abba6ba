import type { InstanceFacts } from '@cairn/host-protocol';

import type { JobContext } from './job-context';
import type { Prepared } from './prepare-instance';
import type { Stopwatch } from './stopwatch';

/** What the change of power is called in the timeline. */
const PARTS = { running: 'start', stopped: 'stop', paused: 'pause', suspended: 'suspend' } as const;

/** Brings a prepared guest to the power of its spec: the end of most jobs, and the facts that they report. */
export async function bringGuest(
  { domain, imageCached }: Prepared,
  { hypervisor, virtType }: JobContext,
  watch: Stopwatch,
): Promise<InstanceFacts> {
  const power = await watch.time(PARTS[domain.spec.power], () => hypervisor.ensure(domain));
  return { power, virtType, timings: watch.timings, imageCached };
}
