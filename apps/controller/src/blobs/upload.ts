import { createHash } from 'node:crypto';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

import type { ImageBlob } from '@cairn/domain';

import { isNoSpace, requireRoom } from '@cairn/os';
import { BlobTooLarge, StoreFull, UploadBroken } from './errors';
import { inSteps } from './in-steps';

/**
 * Writes the bytes to a new file at `path`, hashing on the way; the file is durable when this resolves, and gone when
 * it rejects.
 * @throws BlobTooLarge, StoreFull, UploadBroken (when `bytes` throws).
 */
export async function receive(bytes: AsyncIterable<Uint8Array>, path: string, maxBytes: number): Promise<ImageBlob> {
  const file = await open(path, 'wx', 0o600);
  try {
    const blob = await write(roomy(guarded(bytes), dirname(path)), file, maxBytes);
    await file.sync();
    await file.close();
    return blob;
  } catch (error) {
    await file.close().catch(() => undefined);
    await rm(path, { force: true });
    throw asStoreError(error);
  }
}

async function write(bytes: AsyncIterable<Uint8Array>, file: FileHandle, maxBytes: number): Promise<ImageBlob> {
  const [sha256, sha512, md5] = [createHash('sha256'), createHash('sha512'), createHash('md5')];
  let sizeBytes = 0;
  for await (const chunk of bytes) {
    sizeBytes += chunk.byteLength;
    if (sizeBytes > maxBytes) throw new BlobTooLarge(maxBytes);
    for (const hash of [sha256, sha512, md5]) hash.update(chunk);
    await writeAll(file, chunk);
  }
  return { sizeBytes, sha256: sha256.digest('hex'), sha512: sha512.digest('hex'), md5: md5.digest('hex') };
}

/** @throws NoRoom before a part for which there is none. */
const roomy = (bytes: AsyncIterable<Uint8Array>, folder: string): AsyncIterable<Uint8Array> =>
  inSteps(bytes, (_come, next) => requireRoom(folder, next));

/** A write may take less than it was given, when the disk is nearly full. */
async function writeAll(file: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let at = 0; at < chunk.byteLength;) {
    at += (await file.write(chunk, at, chunk.byteLength - at)).bytesWritten;
  }
}

/** Tells mistakes of the sender from failures here. */
async function* guarded(bytes: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  const iterator = bytes[Symbol.asyncIterator]();
  let ended = false;
  try {
    for (;;) {
      const next = await iterator.next().catch((cause: unknown) => {
        ended = true;
        throw new UploadBroken({ cause });
      });
      if (next.done === true) {
        ended = true;
        return;
      }
      yield next.value;
    }
  } finally {
    if (!ended) await iterator.return?.();
  }
}

const asStoreError = (error: unknown): unknown => (isNoSpace(error) ? new StoreFull({ cause: error }) : error);
