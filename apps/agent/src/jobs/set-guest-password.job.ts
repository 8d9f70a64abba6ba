import type { InstanceFacts } from '@cairn/host-protocol';

import { JobFailure } from '../ports/errors';

import type { Handler } from './handler';
import { imagesOf } from './prepare-instance';
import { Stopwatch } from './stopwatch';

/**
 * Sets a password in the guest. The host asks for it while it sets it, and keeps it nowhere: queue, journal and log hold
 * only that there was one. A try that was cut off sets the same password again.
 */
export const setGuestPassword: Handler<'set-guest-password'> = {
  images: ({ spec }) => imagesOf(spec),
  async run({ resource: { id }, generation }, { user }, context): Promise<InstanceFacts> {
    const { controller, hypervisor, virtType } = context;
    const watch = new Stopwatch(context.clock);
    const password = await controller.fetchPassword(id, generation);
    if (password === null) throw new JobFailure('guest.refused', 'Nobody wants that password any more.', true);
    const power = await watch.time('password', () => hypervisor.setPassword(id, user, password));
    return { power, virtType, timings: watch.timings };
  },
};
