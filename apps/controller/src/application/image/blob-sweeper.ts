import type { ReadModel } from '@cairn/projections';

import { blobsInUse, type BlobStore, BlobSweep } from '../../blobs';
import type { Log } from '../../log';
import type { Clock } from '../../runtime/ports';

const EVERY_MS = 30 * 60_000;
const GRACE_MS = 3_600_000;

/** Sweeps the blob store every half hour, until the signal aborts. */
export async function sweepBlobs({ blobs, readModel, clock, log }: SweeperParts, signal: AbortSignal): Promise<void> {
  const sweep = new BlobSweep(blobs, () => blobsInUse(readModel), GRACE_MS);
  for (;;) {
    await clock.sleep(EVERY_MS, signal);
    if (signal.aborted) return;
    try {
      const removed = await sweep.run(Date.parse(clock.now()));
      if (removed.length > 0) log.info('blobs that nothing needs were removed', { removed });
    } catch (error) {
      log.warn('the blob store could not be swept', { error });
    }
  }
}

interface SweeperParts {
  readonly blobs: BlobStore;
  readonly readModel: ReadModel;
  readonly clock: Clock;
  readonly log: Log;
}
