import type { SentImage } from '../ports/controller.port';
import { JobFailure, Retryable } from '../ports/errors';

import { bringGuest } from './bring-guest';
import type { Handler } from './handler';
import { imagesOf, prepareInstance } from './prepare-instance';
import { Stopwatch } from './stopwatch';

/**
 * Sends a copy of the root disk as an image's bits. A try that was cut off goes on with the copy that it made; when the
 * job has ended, done or failed, no copy is left. A job that is done leaves the guest in the power of its spec.
 * A guest that runs and should not is ended before the copy, which so holds all that it wrote; one that is paused or
 * suspended writes nothing, and is ended after it: if the copy fails, its memory is still there.
 */
export const snapshotInstance: Handler<'snapshot-instance'> = {
  images: ({ spec }) => imagesOf(spec),
  async run({ resource: { id } }, { spec, imageId, quiesce }, context) {
    const { controller, hypervisor, superseded } = context;
    const watch = new Stopwatch(context.clock);
    const prepared = await prepareInstance(spec, context, watch);
    const { domain } = prepared;
    if (spec.power === 'stopped' && (await hypervisor.powerOf(id)) === 'running') await hypervisor.ensure(domain);
    if (!(await controller.announceImage(id, imageId))) throw gone(imageId);
    const copy = await watch.time('copy', () => hypervisor.copyRoot(domain, imageId, quiesce));
    try {
      const sending = controller.sendImage(id, imageId, copy);
      requireKept(imageId, await watch.time('upload', () => Promise.race([sending, superseded])));
    } catch (error) {
      if (!(error instanceof Retryable)) await copy.discard();
      throw error;
    }
    const { quiesced } = copy;
    return { ...(await bringGuest(prepared, context, watch)), ...(quiesced === undefined ? {} : { quiesced }) };
  },
};

function requireKept(imageId: string, sent: SentImage): void {
  if (sent === 'gone') throw gone(imageId);
  if (sent !== 'kept') throw new JobFailure('image.refused', sent.refused, true);
}

const gone = (imageId: string): JobFailure =>
  new JobFailure('image.gone', `Image ${imageId} was deleted before it had its data.`, true);
