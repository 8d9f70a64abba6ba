import { dirname } from 'node:path';

import type { StreamRef } from '@cairn/domain';
import { SpaceReserve } from '@cairn/os';

import { BatchFile } from './batch-file';
import type { Begun, Journal, Outcome, Present } from './journal';
import { JournalState } from './journal-state';
import { newestEntry, type StoredEntry } from './stored-entry';

/** So that outcomes can be told on a full disk, among them that it is full: some hundred entries. */
const RESERVE = { mostBytes: 256 * 1024, stepBytes: 64 * 1024 };

/** With this many useless entries the journal rewrites its file. */
const WASTE = 2_000;

/** The journal as an append-only, fsynced file next to the instances' disks. */
export class FileJournal implements Journal {
  private constructor(
    private readonly file: BatchFile<StoredEntry>,
    private readonly state: JournalState,
  ) {}

  /** @throws JournalDamaged */
  static async open(path: string): Promise<FileJournal> {
    const state = new JournalState();
    const reserve = new SpaceReserve(dirname(path), RESERVE);
    const apply = (entry: StoredEntry): void => {
      state.apply(newestEntry(entry));
    };
    const file = await BatchFile.open<StoredEntry>(path, apply, reserve);
    return new FileJournal(file, state);
  }

  outcome(effectId: string): Promise<Outcome | undefined> {
    return Promise.resolve(this.state.outcome(effectId));
  }

  begun(effectId: string): Promise<Begun | undefined> {
    return Promise.resolve(this.state.begun(effectId));
  }

  generation(resource: StreamRef): Promise<number | undefined> {
    return Promise.resolve(this.state.generation(resource));
  }

  present(): Promise<readonly Present[]> {
    return Promise.resolve(this.state.present());
  }

  begin(begun: Begun): Promise<void> {
    return this.file.append({ kind: 'begun', begun });
  }

  async settle(outcome: Outcome): Promise<Outcome> {
    const known = this.state.outcome(outcome.effectId);
    if (known !== undefined) return known;
    await this.file.append({ kind: 'settled', outcome });
    return this.state.outcome(outcome.effectId) ?? outcome;
  }

  /** Also rewrites the file when most entries are useless. Jobs that begin meanwhile go into the new file. */
  async prune(now: string): Promise<void> {
    this.state.prune(now);
    if (this.file.length < this.state.size + WASTE) return;
    await this.file.rewrite(() => [...this.state.entries()]);
  }

  close(): Promise<void> {
    return this.file.close();
  }
}
