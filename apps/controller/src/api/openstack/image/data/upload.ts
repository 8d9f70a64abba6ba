import { Inject, Injectable } from '@nestjs/common';
import { DomainError, later } from '@cairn/domain';

import { BlobStore, BLOBS, BlobTooLarge, StoreFull, UploadBroken } from '../../../../blobs';
import type { Clock } from '../../../../runtime/ports';
import { type Caller, CLOCK, commandContext, HttpProblem, RANDOM, type Random } from '../../../http';
import { canChange } from '../access';
import type { ImageView } from '../image-view';
import { Images } from '../images';

/** How long the event of an upload may take once its bytes are stored: the request itself may have taken hours. */
const PATIENCE_MS = 30_000;

/** `PUT /v2/images/{id}/file`: stores the bytes, then makes the image active. */
@Injectable()
export class Upload {
  constructor(
    private readonly images: Images,
    @Inject(BLOBS) private readonly blobs: BlobStore,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(RANDOM) private readonly random: Random,
  ) {}

  /**
   * The image stays `queued` until all bytes are durable; of two uploads at a time the first to end wins.
   * @throws HttpProblem 400, 403, 404, 409, 410 or 413 as Glance does.
   */
  async run(caller: Caller, imageId: string, bytes: AsyncIterable<Uint8Array>): Promise<void> {
    requireReady(caller, await this.images.show(caller, imageId));
    const blob = await this.blobs.put(bytes).catch((error: unknown) => {
      throw asProblem(error);
    });
    const context = {
      ...commandContext(caller, `upload-image/${imageId}`, this.random),
      deadline: later(this.clock.now(), PATIENCE_MS),
    };
    await this.images.settle(imageId, { type: 'RecordImageUploaded', data: blob }, context).catch((error: unknown) => {
      throw error instanceof DomainError && error.kind === 'not-found' ? goneMeanwhile(imageId) : error;
    });
  }
}

/** @throws HttpProblem for an image that cannot take data, before any of it is read. */
function requireReady(caller: Caller, { record, status }: ImageView): void {
  const { imageId, diskFormat, containerFormat } = record;
  if (!canChange(caller, record)) throw new HttpProblem(403, `Not allowed to upload image data for image ${imageId}`);
  if (status !== 'queued') {
    throw new HttpProblem(409, `Image status transition from ${status} to saving is not allowed`);
  }
  const missing = [
    ...(diskFormat === null ? ['disk_format'] : []),
    ...(containerFormat === null ? ['container_format'] : []),
  ];
  if (missing.length > 0) {
    throw new HttpProblem(400, `Properties ${missing.join(', ')} must be set prior to saving data.`);
  }
}

const goneMeanwhile = (imageId: string): HttpProblem =>
  new HttpProblem(
    410,
    `Image ${imageId} could not be found after upload. The image may have been deleted during the upload, ` +
      'cleaning up the chunks uploaded.',
  );

function asProblem(error: unknown): unknown {
  if (error instanceof BlobTooLarge) {
    return new HttpProblem(
      413,
      `The incoming image is too large: at most ${String(error.maxBytes)} bytes are allowed.`,
    );
  }
  if (error instanceof StoreFull) {
    return new HttpProblem(
      413,
      'Image storage media is full: There is not enough disk space on the image storage media.',
    );
  }
  return error instanceof UploadBroken ? new HttpProblem(400, 'The image data ended too early.') : error;
}
