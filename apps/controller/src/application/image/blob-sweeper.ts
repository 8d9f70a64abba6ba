import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { ReadModel } from '@cairn/projections';

import { BLOBS, blobsInUse, BlobStore, BlobSweep } from '../../blobs';
import type { Clock } from '../../runtime/ports';
import { CLOCK, LOG, READ_MODEL } from '../core';
import type { Log } from '../../log';

const EVERY_MS = 30 * 60_000;
const GRACE_MS = 3_600_000;

/** Sweeps the blob store now and then, as long as the service runs. */
@Injectable()
export class BlobSweeper implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly ending = new AbortController();
  private running: Promise<void> = Promise.resolve();

  constructor(
    @Inject(BLOBS) private readonly blobs: BlobStore,
    @Inject(READ_MODEL) private readonly readModel: ReadModel,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOG) private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    this.running = this.run(this.ending.signal);
  }

  async onModuleDestroy(): Promise<void> {
    this.ending.abort();
    await this.running;
  }

  private async run(signal: AbortSignal): Promise<void> {
    const sweep = new BlobSweep(this.blobs, () => blobsInUse(this.readModel), GRACE_MS);
    for (;;) {
      await this.clock.sleep(EVERY_MS, signal);
      if (signal.aborted) return;
      try {
        const removed = await sweep.run(Date.parse(this.clock.now()));
        if (removed.length > 0) this.log.info('blobs that nothing needs were removed', { removed });
      } catch (error) {
        this.log.warn('the blob store could not be swept', { error });
      }
    }
  }
}
