import type { Row } from '../projection';
import type { ParkedStreamRow } from './rows';

export type EntityOf<R extends Row = Row> = new () => R;

/** Where a generation stands. */
export interface Checkpoint {
  /** Null before the first event. */
  readonly position: string | null;
  /** True once it had caught up with the log. */
  readonly built: boolean;
  /** Streams whose further events are not applied. */
  readonly parked: ReadonlySet<string>;
}

/** Every list is of distinct keys and may be long. */
export interface RowReader {
  /** Those of the rows that exist. */
  load(entity: EntityOf, keys: readonly string[]): Promise<readonly Row[]>;
  /** The rows that have one of the values in a column (named as the row's property). */
  select(entity: EntityOf, column: string, values: readonly string[]): Promise<readonly Row[]>;
}

/** What a batch does to the rows, inside its transaction. */
export interface RowTransaction extends RowReader {
  /** Inserts or replaces whole rows. */
  put(entity: EntityOf, rows: readonly Row[]): Promise<void>;
  remove(entity: EntityOf, keys: readonly string[]): Promise<void>;
  park(streams: readonly ParkedStreamRow[]): Promise<void>;
}

/**
 * The tables of one generation: in SQL, in memory, or held in memory until they are built, all under one contract. What
 * is read is what the last batch left.
 */
export interface RowStore extends RowReader {
  checkpoint(): Promise<Checkpoint>;

  /**
   * Moves the checkpoint and runs the work, both or neither.
   * @throws CheckpointMoved when the checkpoint is not at `from`; what `work` throws. Nothing is written then.
   */
  advance(from: string | null, to: string, work: (rows: RowTransaction) => Promise<void>): Promise<void>;

  /** Notes that this generation may be read from now on. */
  markBuilt(): Promise<void>;

  /** The history that the rows are folded from; null where none is known. */
  history(): Promise<string | null>;

  /**
   * Forgets everything, so that the rows are folded again, from that history.
   * @param before does nothing unless the rows are of this history: another controller may have started over meanwhile
   */
  reset(history: string | null, before?: string | null): Promise<void>;
}
