import type { BlobStore } from './blob-store';

/**
 * Which blobs something still needs: those of images that are not deleted, and those below the disks of servers that are
 * not deleted (a host may have to fetch them again).
 */
export type BlobsInUse = () => Promise<ReadonlySet<string>>;

/**
 * Removes blobs that nothing has needed for a whole grace period, seen at both its ends. The grace period covers what
 * the read model does not know yet: an upload whose event is on its way, a launch from an image deleted a moment ago.
 */
export class BlobSweep {
  private readonly unneededSince = new Map<string, number>();

  constructor(
    private readonly store: BlobStore,
    private readonly inUse: BlobsInUse,
    private readonly graceMs: number,
  ) {}

  /** @param now milliseconds since 1970. @returns the hashes of the blobs that were removed. */
  async run(now: number): Promise<readonly string[]> {
    const files = await this.store.list();
    const needed = await this.inUse();
    this.forgetBut(new Set(files.map(({ sha256 }) => sha256)));
    const removed: string[] = [];
    for (const { sha256, storedAt } of files) {
      if (needed.has(sha256) || now - storedAt < this.graceMs) {
        this.unneededSince.delete(sha256);
        continue;
      }
      const since = this.unneededSince.get(sha256);
      if (since === undefined) this.unneededSince.set(sha256, now);
      else if (now - since >= this.graceMs && (await this.store.remove(sha256, now - this.graceMs))) {
        removed.push(sha256);
      }
    }
    await this.store.removeDeadUploads(now);
    return removed;
  }

  private forgetBut(present: ReadonlySet<string>): void {
    for (const sha256 of this.unneededSince.keys()) {
      if (!present.has(sha256)) this.unneededSince.delete(sha256);
    }
  }
}
