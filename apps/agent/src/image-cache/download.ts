import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';

import type { ImageSpec } from '@cairn/host-protocol';
import { makeWhole, requireRoom } from '@cairn/os';

import type { Controller } from '../ports/controller.port';
import { ImageUnusable, JobFailure } from '../ports/errors';

const wrongSize = ({ imageId, sizeBytes }: ImageSpec, actual: string): ImageUnusable =>
  new ImageUnusable(imageId, `it has ${actual} bytes, not the ${String(sizeBytes)} on record`);

/**
 * Fetches a blob into `path`, which is there only when all of it is: right in size and hash, durable, read-only.
 * @throws ImageUnusable, Retryable, JobFailure when the image has no blob, NoRoom before it is fetched, or the file
 * system's error.
 */
export async function download(
  controller: Controller,
  image: ImageSpec,
  path: string,
  report: (fraction: number) => void,
): Promise<void> {
  await requireRoom(dirname(path), image.sizeBytes);
  const bytes = await controller.fetchImage(image.imageId);
  if (bytes === null) throw new JobFailure('image.missing', `Image ${image.imageId} has no data.`, true);
  const fill = async (draft: string): Promise<void> => {
    const handle = await open(draft, 'w', 0o600);
    try {
      await receive(bytes, image, handle, report);
      await handle.chmod(0o444);
    } finally {
      await handle.close();
    }
  };
  await makeWhole(path, fill, `${path}.part`);
}

async function receive(
  bytes: AsyncIterable<Uint8Array>,
  image: ImageSpec,
  handle: FileHandle,
  report: (fraction: number) => void,
): Promise<void> {
  const { imageId, sha256, sizeBytes } = image;
  const hash = createHash('sha256');
  let received = 0;
  for await (const chunk of bytes) {
    received += chunk.byteLength;
    if (received > sizeBytes) throw wrongSize(image, 'more');
    hash.update(chunk);
    await handle.writeFile(chunk);
    report(received / sizeBytes);
  }
  if (received !== sizeBytes) throw wrongSize(image, String(received));
  if (hash.digest('hex') !== sha256) throw new ImageUnusable(imageId, 'its SHA-256 is not the one on record');
}

/** The hash of a file's bytes. */
export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1024 * 1024 }), hash);
  return hash.digest('hex');
}
