import type { ImageBlob, ImageRecord, ImageSpec } from '@cairn/domain';

/** An image that has its data, as hosts are told of it. */
export const imageSpec = (
  { imageId, diskFormat }: Pick<ImageRecord, 'imageId' | 'diskFormat'>,
  { sha256, sizeBytes }: ImageBlob,
): ImageSpec => ({ imageId, sha256, sizeBytes, format: diskFormat ?? 'raw' });
