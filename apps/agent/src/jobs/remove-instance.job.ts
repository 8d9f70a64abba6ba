import type { InstanceFacts, RemoveInstanceJob } from '@cairn/host-protocol';

import type { JobContext } from './job-context';
import { Stopwatch } from './stopwatch';

/** Leaves nothing of the instance on the host: first the guest, then what it stood on. */
export async function removeInstance({ instanceId }: RemoveInstanceJob, context: JobContext): Promise<InstanceFacts> {
  const watch = new Stopwatch(context.clock);
  await watch.time('stop', () => context.hypervisor.remove(instanceId));
  await watch.time('network', async () => {
    await context.network.removePorts(instanceId);
    await context.networksChanged();
  });
  await watch.time('disk', () => context.disks.remove(instanceId));
  return { power: 'absent', timings: watch.timings };
}
