import type { Handler } from './handler';
import { Stopwatch } from './stopwatch';

/** Filters the ports of a project's servers by its security groups, as the job has them. */
export const applySecurity: Handler<'apply-security'> = {
  images: () => null,
  async run({ resource: { id: projectId } }, security, context) {
    const watch = new Stopwatch(context.clock);
    await watch.time('network', () => context.network.applySecurity(projectId, security));
    return { timings: watch.timings, version: security.version };
  },
};
