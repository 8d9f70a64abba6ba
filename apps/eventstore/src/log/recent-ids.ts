import { GenerationalCache } from '@cairn/cache';

import type { Written } from './decide';

/** Events remembered by id; upstream keeps 8 MiB of them. */
const REMEMBERED = 100_000;

interface Remembered extends Written {
  readonly sid: number;
}

/**
 * Recently written event ids, in memory only: what makes a repeated append idempotent when the writer expected no exact
 * revision. Each id keeps the place where it was written first, in whichever stream, as upstream (BoundedCache).
 */
export class RecentIds {
  private readonly cache = new GenerationalCache<string, Remembered>(REMEMBERED);
  private staged: string[] = [];

  /** The event of that stream with that id, if it is remembered. */
  find(sid: number | undefined, id: Buffer): Written | undefined {
    const known = this.cache.get(id.toString('latin1'));
    return known?.sid === sid ? known : undefined;
  }

  /** Remembers an event of the running group. */
  stage(sid: number, id: Buffer, revision: number, position: number): void {
    const key = id.toString('latin1');
    if (this.cache.get(key) !== undefined) return;
    this.staged.push(key);
    this.cache.set(key, { sid, revision, position });
  }

  commit(): void {
    this.staged = [];
  }

  rollback(): void {
    for (const key of this.staged) this.cache.delete(key);
    this.staged = [];
  }
}
