import { bringGuest } from './bring-guest';
import type { Handler } from './handler';
import { imagesOf, prepareInstance } from './prepare-instance';
import { Stopwatch } from './stopwatch';

/** Makes the instance exist with its disks, network and power state. `soft` stops ask the guest by ACPI first. */
export const ensureInstance: Handler<'ensure-instance'> = {
  images: ({ spec }) => imagesOf(spec),
  async run(_job, { spec }, context) {
    const watch = new Stopwatch(context.clock);
    return bringGuest(await prepareInstance(spec, context, watch), context, watch);
  },
};
