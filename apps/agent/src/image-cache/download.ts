import { createHash } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

import type { ImageSpec } from '@cairn/host-protocol';

import { fsyncPath } from '../fsync';
import type { Controller } from '../ports/controller.port';
import { ImageUnusable, JobFailure } from '../ports/errors';
import { codeOf } from '../unknown-error';

const wrongSize = ({ imageId, sizeBytes }: ImageSpec, actual: string): ImageUnusable =>
  new ImageUnusable(imageId, `it has ${actual} bytes, not the ${String(sizeBytes)} on record`);

/**
 * Fetches a blob into `path`, which is there only when all of it is: right in size and hash, durable, read-only.
 * @throws ImageUnusable, Retryable, or JobFailure when the image has no blob or the disk is full.
 */
export async function download(
  controller: Controller,
  image: ImageSpec,
  path: string,
  report: (fraction: number) => void,
): Promise<void> {
  const bytes = await controller.fetchImage(image.imageId);
  if (bytes === null) throw new JobFailure('image.missing', `Image ${image.imageId} has no data.`, true);
  const temporary = `${path}.part`;
  try {
    const handle = await open(temporary, 'w', 0o600);
    try {
      await receive(bytes, image, handle, report);
      await handle.chmod(0o444);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
    await fsyncPath(dirname(path));
  } catch (error) {
    await rm(temporary, { force: true });
    if (codeOf(error) !== 'ENOSPC') throw error;
    throw new JobFailure('disk.failed', 'The host has no room for the image.', false, { cause: error });
  }
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
