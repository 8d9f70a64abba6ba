import type { Position } from '@cairn/event-store';
import { isRefusal } from '../database/refusal';
import { CheckpointMoved } from '../errors';
import type { AnyProjection } from '../projection';
import type { RunnerLog } from '../read-model';
import { applyBatch } from './batch';
import type { Task } from './folder';
import { positionText } from './position';
import type { RowStore } from './row-store';
import { parkedRow, type ParkedStreamRow } from './rows';

/** The rows of one group, or of several that share a store. */
export interface GroupRows {
  readonly projections: readonly AnyProjection[];
  readonly store: RowStore;
}

/** Applies the log to the rows of one group: one transaction a batch, with a checkpoint of its own. */
export class GroupWriter {
  private stored: string | null = null;
  private parked: ReadonlySet<string> = new Set();
  /** Events that have passed since the checkpoint was stored. */
  private passed = 0;

  constructor(
    readonly rows: GroupRows,
    private readonly logger: RunnerLog,
  ) {}

  /** Begins where the rows stand: their checkpoint as it is stored, and the streams that are parked. */
  begin(stored: string | null, parked: ReadonlySet<string>): void {
    [this.stored, this.passed] = [stored, 0];
    this.parked = new Set();
    this.findParked(parked);
  }

  /**
   * Applies a batch's tasks. Events that change no row here move the stored checkpoint only once in so many: reading them
   * again after a restart costs next to nothing.
   */
  async take(tasks: readonly Task[], events: number, upTo: Position, mostPassed: number): Promise<void> {
    this.passed += events;
    if (tasks.length > 0 || this.passed >= mostPassed) await this.advance(tasks, positionText(upTo));
  }

  /** Stores that everything up to there is applied. */
  async settle(upTo: Position): Promise<void> {
    if (this.passed > 0) await this.advance([], positionText(upTo));
  }

  /**
   * Applies what no controller has applied yet. Where several share the rows, the checkpoint's compare-and-set lets one
   * of them apply an event; the others come back with less to do.
   */
  private async advance(tasks: readonly Task[], to: string): Promise<void> {
    while (this.stored === null || this.stored < to) {
      const from = this.stored;
      try {
        this.noteParked(await this.apply(from, to, this.ahead(tasks)));
        this.stored = to;
      } catch (error) {
        if (isRefusal(error)) await this.withoutRefused(this.ahead(tasks), error);
        else await this.catchUp(from, error);
      }
    }
    this.passed = 0;
  }

  /** Another controller has applied some of it. @throws the error where that is not what it says */
  private async catchUp(from: string | null, error: unknown): Promise<void> {
    if (!(error instanceof CheckpointMoved)) throw error;
    const now = await this.rows.store.checkpoint();
    // not further on: another controller has started over
    if (now.position === null || now.position <= (from ?? '')) throw error;
    this.stored = now.position;
    this.findParked(now.parked);
  }

  /**
   * The database refuses rows of some event among these: half of them first, and so on down to one event, whose stream is
   * parked like that of one which cannot be folded.
   */
  private async withoutRefused(tasks: readonly Task[], error: unknown): Promise<void> {
    const [first, last] = [tasks[0], tasks.at(-1)];
    if (first === undefined || last === undefined) throw error;
    const middle = tasks[Math.floor((tasks.length - 1) / 2)]?.event.position ?? first.event.position;
    const split = middle < last.event.position ? middle : first.event.position;
    if (split < last.event.position) {
      await this.advance(
        tasks.filter(({ event }) => event.position <= split),
        split,
      );
      return;
    }
    const { stream, event, folds } = first;
    const reason = `the database refuses its rows: ${error instanceof Error ? error.message : String(error)}`;
    const projection = folds.map(({ name }) => name).join(' ');
    const { type: eventType, position, at } = event;
    const refused = parkedRow({ id: stream, position, eventType, projection, reason, at });
    await this.rows.store.advance(this.stored, position, (rows) => rows.park([refused]));
    this.stored = position;
    this.noteParked([refused]);
  }

  /** Streams that are parked in the database, by this process before or by another. */
  private findParked(parked: ReadonlySet<string>): void {
    const others = [...parked].filter((id) => !this.parked.has(id));
    this.parked = parked;
    this.tellParked();
    if (others.length > 0) this.logger.notice?.(`the rows of ${others.join(', ')} stand still (./cairn stuck)`);
  }

  private noteParked(parked: readonly ParkedStreamRow[]): void {
    if (parked.length === 0) return;
    this.parked = new Set([...this.parked, ...parked.map(({ id }) => id)]);
    this.tellParked();
    for (const { id, ...why } of parked) {
      this.logger.error('read model: a stream is parked', { stream: id, ...why });
      this.logger.notice?.(`the rows of ${id} stand still: ${why.reason} (./cairn stuck)`);
    }
  }

  private tellParked(): void {
    const group = this.rows.projections[0]?.group;
    if (group !== undefined) this.logger.parked?.(group, this.parked.size);
  }

  /** Those of the tasks, which are in the log's order, that lie beyond the checkpoint. */
  private ahead(tasks: readonly Task[]): readonly Task[] {
    const { stored } = this;
    const [first] = tasks;
    if (stored === null || first === undefined || first.event.position > stored) return tasks;
    return tasks.filter(({ event }) => event.position > stored);
  }

  private async apply(from: string | null, to: string, tasks: readonly Task[]): Promise<readonly ParkedStreamRow[]> {
    let stopped: readonly ParkedStreamRow[] = [];
    await this.rows.store.advance(from, to, async (rows) => {
      stopped = await applyBatch(tasks, rows, this.parked);
    });
    return stopped;
  }
}
