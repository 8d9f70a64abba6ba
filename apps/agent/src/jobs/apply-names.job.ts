import type { Handler } from './handler';
import { Stopwatch } from './stopwatch';

/** Answers guests by the names that the job has. */
export const applyNames: Handler<'apply-names'> = {
  images: () => null,
  async run(_job, names, context) {
    const watch = new Stopwatch(context.clock);
    await watch.time('network', () => context.network.applyNames(names));
    return { timings: watch.timings, version: names.version };
  },
};
