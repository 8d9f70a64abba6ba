import { bringGuest } from './bring-guest';
import type { Handler } from './handler';
import { imagesOf, prepareInstance } from './prepare-instance';
import { Stopwatch } from './stopwatch';

/**
 * Ends the guest, makes the disks fresh that have other names now, and boots it. When an earlier try was cut off, a guest
 * of another incarnation, or none any more, tells that the old one has been ended.
 */
export const rebuildInstance: Handler<'rebuild-instance'> = {
  images: ({ spec }) => imagesOf(spec),
  before: ({ resource }, { hypervisor }) => hypervisor.incarnation(resource.id),
  async run({ resource: { id } }, { spec }, context) {
    const { hypervisor, before } = context;
    const watch = new Stopwatch(context.clock);
    if ((await hypervisor.incarnation(id)) === before) await watch.time('stop', () => hypervisor.remove(id));
    context.told('cleared');
    return bringGuest(await prepareInstance(spec, context, watch), context, watch);
  },
};
