import { BlobTooLarge, StoreFull, UploadBroken } from '../../../../blobs';
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
  return error instanceof UploadBroken ? new HttpProblem(400, 'The image data ended too early.') : error;
}

const goneMeanwhile = (imageId: string): HttpProblem =>
  new HttpProblem(
    410,
    `Image ${imageId} could not be found after upload. The image may have been deleted during the upload, ` +
      'cleaning up the chunks uploaded.',
  );
