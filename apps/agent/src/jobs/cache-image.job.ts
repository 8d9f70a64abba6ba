import type { Handler } from './handler';
import { Stopwatch } from './stopwatch';

/** Fetches an image that no instance uses yet. It stays as long as the cache has room: the least recently used goes first. */
export const cacheImage: Handler<'cache-image'> = {
  images: () => null,
  async run(_job, { image }, context) {
    const watch = new Stopwatch(context.clock);
    const { cached } = await watch.time('image', () =>
      Promise.race([context.images.ensure(image), context.superseded]),
    );
    return { timings: watch.timings, imageCached: cached };
  },
};
