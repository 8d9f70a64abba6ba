import type { InstanceFacts } from '@cairn/host-protocol';

import type { Handler } from './handler';
import { imagesOf, prepareInstance } from './prepare-instance';
import { Stopwatch } from './stopwatch';

/**
 * Restarts the guest, once. When an earlier try was cut off, the incarnation tells whether it got that far: a guest that
 * is no longer what it was before has been restarted (or ended in the attempt), and only has to run.
 */
export const rebootInstance: Handler<'reboot-instance'> = {
  images: ({ spec }) => imagesOf(spec),
  before: ({ resource }, { hypervisor }) => hypervisor.incarnation(resource.id),
  async run({ resource }, { spec, type }, context): Promise<InstanceFacts> {
    const watch = new Stopwatch(context.clock);
    const { domain, imageCached } = await prepareInstance(spec, context, watch);
    const incarnation = await context.hypervisor.incarnation(resource.id);
    const done = incarnation !== context.before;
    context.told('ready');
    const power = await watch.time('reboot', () =>
      done ? context.hypervisor.ensure(domain) : context.hypervisor.reboot(domain, type),
    );
    return { power, virtType: context.virtType, timings: watch.timings, imageCached };
  },
};
