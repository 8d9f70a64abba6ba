import { BlobTooLarge, StoreFull, UploadBroken } from '../../../../blobs';
import { ImageQuotaFull } from '../../../../application/image/image-quota';
import { ImageGone } from '../../../../application/image/upload';
import { HttpProblem } from '../../../http';

/** Glance's words for an upload that failed; any other error as it is. */
export function uploadProblem(error: unknown, imageId: string): unknown {
  if (error instanceof ImageGone) return goneMeanwhile(imageId);
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
  if (error instanceof ImageQuotaFull) {
    const { bytes, remaining } = error;
    return new HttpProblem(
      413,
      `Image exceeds the storage quota: The size of the data ${String(bytes)} will exceed the limit. ` +
        `${String(remaining)} bytes remaining.`,
    );
  }
  return error instanceof UploadBroken ? new HttpProblem(400, 'The image data ended too early.') : error;
}

const goneMeanwhile = (imageId: string): HttpProblem =>
  new HttpProblem(
    410,
    `Image ${imageId} could not be found after upload. The image may have been deleted during the upload, ` +
      'cleaning up the chunks uploaded.',
  );
