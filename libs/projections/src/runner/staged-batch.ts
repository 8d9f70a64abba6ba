import type { Row } from '../projection';
import type { EntityOf, RowReader, RowTransaction } from './row-store';
import { ParkedStreamRow } from './rows';

/** Puts a row in its place; null takes it away. */
export type Change = (entity: EntityOf, key: string, row: Row | null) => void;

/** A batch on rows in memory. Its changes are kept apart until it has ended: of one that throws nothing is seen. */
export class StagedBatch implements RowTransaction {
  private readonly stages: ((change: Change) => void)[] = [];

  /** @param rows as they were before the batch */
  constructor(private readonly rows: RowReader) {}

  load(entity: EntityOf, keys: readonly string[]): Promise<readonly Row[]> {
    return this.rows.load(entity, keys);
  }

  select(entity: EntityOf, column: string, values: readonly string[]): Promise<readonly Row[]> {
    return this.rows.select(entity, column, values);
  }

  put(entity: EntityOf, rows: readonly Row[]): Promise<void> {
    this.stages.push((change) => {
      for (const row of rows) change(entity, row.id, row);
    });
    return Promise.resolve();
  }

  remove(entity: EntityOf, keys: readonly string[]): Promise<void> {
    this.stages.push((change) => {
      for (const key of keys) change(entity, key, null);
    });
    return Promise.resolve();
  }

  park(streams: readonly ParkedStreamRow[]): Promise<void> {
    return this.put(ParkedStreamRow, streams);
  }

  /** Carries out all changes, in their order. */
  apply(change: Change): void {
    for (const stage of this.stages) stage(change);
  }
}
