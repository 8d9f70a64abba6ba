import type { InstanceFacts } from '@cairn/host-protocol';

import type { Handler } from './handler';
import { imagesOf, prepareInstance } from './prepare-instance';
import { Stopwatch } from './stopwatch';

/** Makes the instance exist with its disks, network and power state. `soft` stops ask the guest by ACPI first. */
export const ensureInstance: Handler<'ensure-instance'> = {
  images: ({ spec }) => imagesOf(spec),
  async run(_job, { spec }, context): Promise<InstanceFacts> {
    const watch = new Stopwatch(context.clock);
    const { domain, imageCached } = await prepareInstance(spec, context, watch);
    const part = spec.power === 'running' ? 'start' : 'stop';
    const power = await watch.time(part, () => context.hypervisor.ensure(domain));
    return { power, virtType: context.virtType, timings: watch.timings, imageCached };
  },
};
