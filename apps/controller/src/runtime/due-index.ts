import type { Instant } from '@cairn/domain';
import type { Position } from '@cairn/event-store';

/** A stream that owes something, and when to look at it again. */
export interface DueEntry {
  readonly stream: string;
  readonly revision: string;
  readonly nextDueAt: Instant;
  /** How many tries in a row have failed, for other reasons than a refusal. */
  readonly attempts: number;
  readonly lastError: string | null;
}

/**
 * The process runner's cache of the streams that owe work and when, with the position up to which it has read the log.
 * Without the cache, the process runner finds the same by reading the whole log.
 */
export interface DueIndex {
  /** Drops the entries if they belong to another history of the log (null: the log does not name its history). */
  keepOf(history: string | null): Promise<void>;
  load(): Promise<{ readonly checkpoint: Position | undefined; readonly entries: readonly DueEntry[] }>;
  /** Writes and deletes entries and saves the checkpoint (undefined: unchanged), in one transaction. */
  commit(changes: ReadonlyMap<string, DueEntry | null>, checkpoint: Position | undefined): Promise<void>;
}

export class MemoryDueIndex implements DueIndex {
  private checkpoint: Position | undefined;
  private readonly entries = new Map<string, DueEntry>();
  private history: string | null = null;

  keepOf(history: string | null): Promise<void> {
    if (history !== this.history) {
      this.entries.clear();
      this.checkpoint = undefined;
    }
    this.history = history;
    return Promise.resolve();
  }

  load(): ReturnType<DueIndex['load']> {
    return Promise.resolve({ checkpoint: this.checkpoint, entries: [...this.entries.values()] });
  }

  commit(changes: ReadonlyMap<string, DueEntry | null>, checkpoint: Position | undefined): Promise<void> {
    for (const [stream, entry] of changes) {
      if (entry === null) this.entries.delete(stream);
      else this.entries.set(stream, entry);
    }
    this.checkpoint = checkpoint ?? this.checkpoint;
    return Promise.resolve();
  }
}
