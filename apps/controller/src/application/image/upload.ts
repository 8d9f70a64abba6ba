import { Inject, Injectable } from '@nestjs/common';
import { DomainError, later } from '@cairn/domain';

import type { BlobStore } from '../../blobs';
import { LOG_PATIENCE_MS } from '../../runtime/log-patience';
import type { Clock } from '../../runtime/ports';
import { BLOBS, type Caller, CLOCK, commandContext, RANDOM } from '../core';
import type { Random } from '../../random';
import type { ImageView } from './image-view';
import { ImageQuota } from './image-quota';
import { Images } from './images';

/** How long the event of an upload may take once its bytes are stored: the request itself may have taken hours. */
const PATIENCE_MS = 30_000;

/** The image was deleted during its upload. */
export class ImageGone extends Error {}

/** Gives an image its data: stores the bytes, then makes the image active. */
@Injectable()
export class Upload {
  constructor(
    private readonly images: Images,
    private readonly quota: ImageQuota,
    @Inject(BLOBS) private readonly blobs: Pick<BlobStore, 'put'>,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(RANDOM) private readonly random: Random,
  ) {}

  /**
   * The image stays `queued` until all bytes are durable. Of two concurrent uploads the first to finish wins.
   * @param announced size of the data in bytes, as the client announces it; undefined if it does not
   * @throws DomainError for an image that cannot take data; BlobTooLarge, StoreFull, UploadBroken, ImageQuotaFull; ImageGone.
   */
  async run(
    caller: Caller,
    imageId: string,
    bytes: AsyncIterable<Uint8Array>,
    announced: number | undefined,
  ): Promise<void> {
    const image = await this.images.show(caller, imageId);
    requireReady(caller, image);
    const { projectId } = image.record;
    await this.quota.during(projectId, announced ?? 0, (metered) => this.store(caller, imageId, metered(bytes)));
  }

  private async store(caller: Caller, imageId: string, bytes: AsyncIterable<Uint8Array>): Promise<void> {
    const blob = await this.blobs.put(bytes);
    const context = {
      ...commandContext(caller, `upload-image/${imageId}`, this.random),
      deadline: later(this.clock.now(), PATIENCE_MS),
      logBy: later(this.clock.now(), LOG_PATIENCE_MS),
    };
    await this.images.settle(imageId, { type: 'RecordImageUploaded', data: blob }, context).catch((error: unknown) => {
      throw error instanceof DomainError && error.kind === 'not-found' ? new ImageGone(imageId) : error;
    });
  }
}

/**
 * Checks before it reads any data.
 * @throws DomainError for an image that cannot take data.
 */
function requireReady(caller: Caller, { record, status }: ImageView): void {
  const { imageId, diskFormat, containerFormat } = record;
  if (!caller.rights.may('upload_image', { project_id: record.projectId }))
    throw new DomainError('forbidden', 'image.forbidden', `Not allowed to upload image data for image ${imageId}`);
  if (status !== 'queued') {
    const message = `Image status transition from ${status} to saving is not allowed`;
    throw new DomainError('conflict', 'image.not-queued', message);
  }
  const missing = [
    ...(diskFormat === null ? ['disk_format'] : []),
    ...(containerFormat === null ? ['container_format'] : []),
  ];
  if (missing.length > 0) {
    const message = `Properties ${missing.join(', ')} must be set prior to saving data.`;
    throw new DomainError('invalid', 'image.incomplete', message);
  }
}
