import type { Position } from '@cairn/event-store';
import { putAside } from '@cairn/os';

import type { DueEntry, DueIndex } from './due-index';
import { isDamagedIndex, SqlDueIndex } from './due-index.sql';

/** Files of SQLite beside the database. */
const COMPANIONS = ['-wal', '-shm'];

/**
 * The index in a file that may be damaged at any time. It is put aside then, and made again: at the start from the log,
 * later from what this process does from now on, and at the next start from the log, since no checkpoint is kept beside
 * entries that are missing.
 */
export class MendingDueIndex implements DueIndex {
  /** False when the file lacks what was owed before it was made. */
  private complete = true;

  private constructor(
    private readonly file: string,
    private readonly report: (message: string, error: unknown) => void,
    private index: SqlDueIndex | undefined,
  ) {}

  /** @param report is told what was put aside where, and why */
  static async open(file: string, report: (message: string, error: unknown) => void): Promise<MendingDueIndex> {
    const mending = new MendingDueIndex(file, report, undefined);
    await mending.attempt((index) => index.check());
    return mending;
  }

  keepOf(history: string | null): Promise<void> {
    return this.attempt((index) => index.keepOf(history));
  }

  load(): ReturnType<DueIndex['load']> {
    return this.attempt((index) => index.load());
  }

  async commit(changes: ReadonlyMap<string, DueEntry | null>, checkpoint: Position | undefined): Promise<void> {
    await this.attempt(
      (index) => index.commit(changes, this.complete ? checkpoint : undefined),
      () => {
        this.complete = false;
      },
    );
  }

  async close(): Promise<void> {
    await this.index?.close();
  }

  /** Does the work once more, on a new file, when the one that is there is damaged. */
  private async attempt<T>(work: (index: SqlDueIndex) => Promise<T>, onMended = (): void => undefined): Promise<T> {
    try {
      this.index ??= await SqlDueIndex.open(this.file);
      return await work(this.index);
    } catch (error) {
      if (!isDamagedIndex(error)) throw error;
      await this.index?.close().catch(() => undefined);
      const aside = await putAside(this.file, COMPANIONS);
      this.report(`the process index was damaged: it is now ${aside}, and made again from the log`, error);
      this.index = await SqlDueIndex.open(this.file);
      onMended();
      return work(this.index);
    }
  }
}
