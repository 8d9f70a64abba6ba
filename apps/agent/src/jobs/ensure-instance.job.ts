import type { InstanceFacts } from '@cairn/host-protocol';

import type { Handler } from './handler';
import { imagesOf, prepareInstance } from './prepare-instance';
import { Stopwatch } from './stopwatch';

/** What the change of power is called in the timeline. */
export const PARTS = { running: 'start', stopped: 'stop', paused: 'pause', suspended: 'suspend' } as const;

/** Makes the instance exist with its disks, network and power state. `soft` stops ask the guest by ACPI first. */
export const ensureInstance: Handler<'ensure-instance'> = {
  images: ({ spec }) => imagesOf(spec),
  async run(_job, { spec }, context): Promise<InstanceFacts> {
    const watch = new Stopwatch(context.clock);
    const { domain, imageCached } = await prepareInstance(spec, context, watch);
    const power = await watch.time(PARTS[spec.power], () => context.hypervisor.ensure(domain));
    return { power, virtType: context.virtType, timings: watch.timings, imageCached };
  },
};
