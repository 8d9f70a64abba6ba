import type { InstanceFacts } from '@cairn/host-protocol';

import type { Handler } from './handler';
import { Stopwatch } from './stopwatch';

/** Leaves nothing of the instance on the host: first the guest, then its disks and network. */
export const removeInstance: Handler<'remove-instance'> = {
  images: () => null,
  async run({ resource: { id } }, _payload, context): Promise<InstanceFacts> {
    const watch = new Stopwatch(context.clock);
    await watch.time('stop', () => context.hypervisor.remove(id));
    await watch.time('network', async () => {
      await context.network.removePorts(id);
      await context.networksChanged();
    });
    await watch.time('disk', () => context.disks.remove(id));
    return { power: 'absent', timings: watch.timings };
  },
};
