import type { EnsureInstanceJob, InstanceFacts } from '@cairn/host-protocol';

import type { JobContext } from './job-context';
import { prepareInstance } from './prepare-instance';
import { Stopwatch } from './stopwatch';

/** Makes the instance exist with its disks, network and power state. */
export async function ensureInstance({ spec }: EnsureInstanceJob, context: JobContext): Promise<InstanceFacts> {
  const watch = new Stopwatch(context.clock);
  const { domain, imageCached } = await prepareInstance(spec, context, watch);
  const part = spec.power === 'running' ? 'start' : 'stop';
  const power = await watch.time(part, () => context.hypervisor.ensure(domain));
  return { power, virtType: context.virtType, timings: watch.timings, imageCached };
}
