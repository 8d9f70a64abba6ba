import type { InstanceFacts } from '@cairn/host-protocol';

import type { Handler } from './handler';
import { imagesOf } from './prepare-instance';
import { Stopwatch } from './stopwatch';

/**
 * Interrupts the guest. A try that was cut off is made again: a kernel that is dumping already takes no notice.
 */
export const injectNmi: Handler<'inject-nmi'> = {
  images: ({ spec }) => imagesOf(spec),
  async run({ resource }, _payload, context): Promise<InstanceFacts> {
    const watch = new Stopwatch(context.clock);
    const power = await watch.time('interrupt', () => context.hypervisor.injectNmi(resource.id));
    return { power, virtType: context.virtType, timings: watch.timings };
  },
};
