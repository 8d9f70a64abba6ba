import type { Handler } from './handler';
import { Stopwatch } from './stopwatch';

/** Removes the sets of disks that the instance does not use any more: what it was before a move, or did not become. */
export const discardDisks: Handler<'discard-disks'> = {
  images: ({ images }) => images,
  async run({ resource: { id } }, { keep }, context) {
    const watch = new Stopwatch(context.clock);
    await watch.time('disk', () => context.disks.discard(id, keep));
    return { timings: watch.timings };
  },
};
