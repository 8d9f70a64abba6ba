import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';

import type { ImageBlob } from '@cairn/domain';

import { codeOf, syncPath } from '@cairn/os';
import { BlobMissing, RangeNotSatisfiable } from './errors';
import { receive } from './upload';

export interface BlobStoreOptions {
  /** The folder `blobs` of the state directory. */
  readonly root: string;
  /** Of one blob. */
  readonly maxBytes: number;
}

/** First and last byte, both included; a `last` behind the end means up to the end. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

export interface OpenBlob {
  /** Of the whole blob. */
  readonly sizeBytes: number;
  /** What the stream carries; undefined for all of it. */
  readonly range: ByteRange | undefined;
  readonly stream: Readable;
}

export interface BlobFile {
  readonly sha256: string;
  /** When it was stored last, in milliseconds since 1970. */
  readonly storedAt: number;
}

const SHA256 = /^[0-9a-f]{64}$/;

/** An upload that nobody has written to for so long counts as dead. */
const STALE_UPLOAD_MS = 3_600_000;

/**
 * Blobs by the hash of their bytes: `sha256/<hex>`, each written once, synced and then named, so that what has a name is
 * whole. Uploads are in `uploading/` until then.
 */
export class BlobStore {
  private readonly named: string;
  private readonly uploading: string;
  /** Files that this process writes to now; any other with its process id is left from an earlier life. */
  private static readonly active = new Set<string>();

  private constructor(private readonly options: BlobStoreOptions) {
    this.named = join(options.root, 'sha256');
    this.uploading = join(options.root, 'uploading');
  }

  /** Makes the folders and removes what uploads that a crash cut off have left. */
  static async open(options: BlobStoreOptions): Promise<BlobStore> {
    const store = new BlobStore(options);
    for (const folder of [store.named, store.uploading]) await mkdir(folder, { recursive: true, mode: 0o700 });
    await syncPath(options.root);
    await syncPath(dirname(options.root));
    await store.removeDeadUploads();
    return store;
  }

  /**
   * Stores the bytes; durable when it resolves, no trace when it rejects. Bytes that are stored already are stored again
   * over them: the blob is then fresh for a sweep, and whole if it was not.
   * @throws BlobTooLarge, StoreFull, UploadBroken.
   */
  async put(bytes: AsyncIterable<Uint8Array>): Promise<ImageBlob> {
    const name = `${hostname()}.${String(process.pid)}.${randomUUID()}`;
    const path = join(this.uploading, name);
    BlobStore.active.add(name);
    try {
      const blob = await receive(bytes, path, this.options.maxBytes);
      await rename(path, this.pathOf(blob.sha256));
      await syncPath(this.named);
      return blob;
    } finally {
      BlobStore.active.delete(name);
    }
  }

  /** @throws BlobMissing, RangeNotSatisfiable. The caller reads the stream to its end or destroys it. */
  async read(sha256: string, range?: ByteRange): Promise<OpenBlob> {
    const file = await open(this.pathOf(sha256), 'r').catch((error: unknown) => {
      throw isMissing(error) ? new BlobMissing(sha256) : error;
    });
    try {
      const sizeBytes = (await file.stat()).size;
      const within = range === undefined ? undefined : { ...range, last: Math.min(range.last, sizeBytes - 1) };
      if (within !== undefined && (within.first > within.last || within.first < 0)) {
        throw new RangeNotSatisfiable(sizeBytes);
      }
      const bounds = within === undefined ? {} : { start: within.first, end: within.last };
      return { sizeBytes, range: within, stream: file.createReadStream({ ...bounds, highWaterMark: 1024 * 1024 }) };
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  async list(): Promise<readonly BlobFile[]> {
    const names = (await readdir(this.named)).filter((name) => SHA256.test(name));
    const files = await Promise.all(names.map((sha256) => this.fileOf(sha256)));
    return files.filter((file) => file !== undefined);
  }

  /**
   * Removes a blob unless it was stored again after `notAfter`. It is moved aside first and looked at there, so that an
   * upload of the same bytes at this moment, by this process or another, keeps what it stored.
   */
  async remove(sha256: string, notAfter: number): Promise<boolean> {
    const aside = join(this.uploading, `removing.${sha256}`);
    try {
      await rename(this.pathOf(sha256), aside);
    } catch (error) {
      if (isMissing(error)) return false;
      throw error;
    }
    if ((await stat(aside)).mtimeMs > notAfter) {
      await rename(aside, this.pathOf(sha256));
      return false;
    }
    await rm(aside);
    await syncPath(this.named);
    return true;
  }

  /** Removes uploads whose process is gone. @returns how many. */
  async removeDeadUploads(now = Date.now()): Promise<number> {
    let removed = 0;
    for (const name of await readdir(this.uploading)) {
      const path = join(this.uploading, name);
      if (name.startsWith('removing.')) await this.settleRemoval(path, name.slice('removing.'.length));
      else if (await this.isDead(name, path, now)) {
        await rm(path, { force: true });
        removed += 1;
      }
    }
    return removed;
  }

  /** A crash between the two steps of `remove`: the blob goes back, and the next sweep decides again. */
  private async settleRemoval(aside: string, sha256: string): Promise<void> {
    const stored = await this.fileOf(sha256);
    if (stored === undefined) await rename(aside, this.pathOf(sha256));
    else await rm(aside, { force: true });
  }

  private async isDead(name: string, path: string, now: number): Promise<boolean> {
    if (BlobStore.active.has(name)) return false;
    const [, pid] = /\.(\d+)\.[^.]+$/.exec(name) ?? [];
    if (!name.startsWith(`${hostname()}.`) || (Number(pid) !== process.pid && isAlive(Number(pid)))) {
      const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: now }));
      return now - mtimeMs > STALE_UPLOAD_MS;
    }
    return true;
  }

  private async fileOf(sha256: string): Promise<BlobFile | undefined> {
    try {
      return { sha256, storedAt: (await stat(this.pathOf(sha256))).mtimeMs };
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  private pathOf(sha256: string): string {
    if (!SHA256.test(sha256)) throw new BlobMissing(sha256);
    return join(this.named, sha256);
  }
}

const isMissing = (error: unknown): boolean => codeOf(error) === 'ENOENT';

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}
