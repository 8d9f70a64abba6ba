import type { InstanceFacts, RebootInstanceJob } from '@cairn/host-protocol';

import type { JobContext } from './job-context';
import { prepareInstance } from './prepare-instance';
import { Stopwatch } from './stopwatch';

/**
 * Restarts the guest, once. When an earlier try was cut off, the incarnation tells whether it got that far: a guest that
 * is no longer what it was before has been restarted (or ended in the attempt), and only has to run.
 */
export async function rebootInstance(job: RebootInstanceJob, context: JobContext): Promise<InstanceFacts> {
  const watch = new Stopwatch(context.clock);
  const { domain, imageCached } = await prepareInstance(job.spec, context, watch);
  const incarnation = await context.hypervisor.incarnation(job.instanceId);
  const done = incarnation !== context.incarnationBefore;
  const power = await watch.time('reboot', () =>
    done ? context.hypervisor.ensure(domain) : context.hypervisor.reboot(domain, job.type),
  );
  return { power, virtType: context.virtType, timings: watch.timings, imageCached };
}
