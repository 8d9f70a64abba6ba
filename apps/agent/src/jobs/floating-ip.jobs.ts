import type { Handler } from './handler';
import { Stopwatch } from './stopwatch';

/** Leads an address outside to a guest's port on this host. */
export const ensureFloatingIp: Handler<'ensure-floating-ip'> = {
  images: () => null,
  async run({ resource: { id } }, { holder, ...floating }, { network, clock }) {
    const watch = new Stopwatch(clock);
    await watch.time('network', () => network.ensureFloatingIp({ id, instanceId: holder.id, ...floating }));
    return { timings: watch.timings };
  },
};

/** Answers for the address no more. */
export const removeFloatingIp: Handler<'remove-floating-ip'> = {
  images: () => null,
  async run({ resource: { id } }, _payload, { network, clock }) {
    const watch = new Stopwatch(clock);
    await watch.time('network', () => network.removeFloatingIp(id));
    return { timings: watch.timings };
  },
};
