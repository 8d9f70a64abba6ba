import type { Position } from '@cairn/event-store';
import type { EntityManager } from 'typeorm';
import type { Row } from './projection';
import type { EntityOf } from './runner/row-store';

/** The read models as the façades see them. */
export interface ReadModel {
  /**
   * Runs queries on committed rows. Only for reading: nothing but the runner writes.
   * @throws ReadModelNotReady until the log has been applied up to where it was at start, and after the runner stopped.
   */
  read<T>(queries: (rows: EntityManager) => Promise<T>): Promise<T>;

  /**
   * The rows that have these values (none of them null), in no order: what `read` could find, for a tenth of its time.
   * @throws ReadModelNotReady
   */
  rowsWith<R extends Row>(entity: EntityOf<R>, values: Partial<R>): Promise<readonly R[]>;

  /**
   * Read your own write: true as soon as the rows show everything up to the position, false after `timeoutMs`.
   * @param groups those whose rows matter; all unless told otherwise
   */
  waitFor(position: Position, timeoutMs: number, groups?: readonly string[]): Promise<boolean>;

  isReady(): boolean;

  /** The rows show everything in the log up to here; undefined before the first event. */
  readonly position: Position | undefined;

  /** Why the runner stopped and will not resume (UnknownEvent, a broken database); undefined while it runs. */
  readonly failure: Error | undefined;

  /** Stops following the log and closes the databases. */
  close(): Promise<void>;
}

/** Time as the runner needs it; the controller's clock fits. */
export interface Timer {
  /** Resolves after that long, or at once when the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** What the runner tells people. `error` is for what somebody must look at. */
export interface RunnerLog {
  info(message: string, details?: Readonly<Record<string, unknown>>): void;
  error(message: string, details?: Readonly<Record<string, unknown>>): void;
  /** For the operator's list of what was put right, or waits for somebody. */
  notice?(text: string): void;
  /** How many streams of a group's are parked, when that is known first and when it changes. */
  parked?(group: string, streams: number): void;
}
