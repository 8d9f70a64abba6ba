import { isRefusal } from '../database/refusal';
import { CheckpointMoved } from '../errors';
import type { Row } from '../projection';
import type { Checkpoint, EntityOf, RowStore, RowTransaction } from './row-store';
import { ParkedStreamRow } from './rows';
import { StagedBatch } from './staged-batch';
import { valueOf } from './value-of';

/** Rows that are held at most: about 100 MB of them. */
const MOST_HELD = 100_000;

/** Counts the rows of all stores that are built at once: together they hold no more than one would. */
export class HeldRows {
  private readonly stores = new Set<BuildingRowStore>();

  constructor(private readonly most = MOST_HELD) {}

  add(store: BuildingRowStore): void {
    this.stores.add(store);
  }

  isFull(): boolean {
    let rows = 0;
    for (const store of this.stores) rows += store.heldRows();
    return rows >= this.most;
  }
}

/** Rows in one statement's list, where the database takes lists. */
const WRITTEN_AT_ONCE = 1_000;

/** The part of the log whose changes are held. */
interface Span {
  readonly from: string | null;
  readonly to: string | null;
  /** Streams that were parked before it. */
  readonly parked: ReadonlySet<string>;
}

/** Rows by their keys; null: removed. */
type Held = Map<string, Row | null>;

/**
 * The tables of a generation that may not be built yet. Until it is nobody reads them, so changes are held over many
 * batches and each row is written once, where every batch would write it again. What is held when the process ends is
 * folded again from the checkpoint. Once the generation is built every batch is written at once.
 */
export class BuildingRowStore implements RowStore {
  private readonly tables = new Map<EntityOf, Held>();
  private span: Span | undefined;
  private built = false;
  /** Rows were refused: each batch is written by itself from now on, so that the event behind them shows. */
  private cautious = false;

  constructor(
    private readonly stored: RowStore,
    private readonly held = new HeldRows(),
  ) {
    held.add(this);
  }

  async checkpoint(): Promise<Checkpoint> {
    if (this.span !== undefined) {
      const parked = new Set([...this.span.parked, ...this.table(ParkedStreamRow).keys()]);
      return { position: this.span.to, built: false, parked };
    }
    const checkpoint = await this.stored.checkpoint();
    this.built = checkpoint.built;
    return checkpoint;
  }

  async advance(from: string | null, to: string, work: (rows: RowTransaction) => Promise<void>): Promise<void> {
    const span = this.span ?? (await this.begin());
    if (span === undefined) {
      await this.stored.advance(from, to, work);
      return;
    }
    if (from !== span.to) throw new CheckpointMoved(from ?? 'the start');
    const batch = new StagedBatch(this);
    await work(batch);
    batch.apply((entity, key, row) => this.table(entity).set(key, row));
    this.span = { ...span, to };
    if (this.held.isFull()) await this.write();
  }

  async markBuilt(): Promise<void> {
    await this.write();
    await this.stored.markBuilt();
    this.built = true;
  }

  history(): Promise<string | null> {
    return this.stored.history();
  }

  async reset(history: string | null, before?: string | null): Promise<void> {
    this.forget();
    this.built = false;
    await this.stored.reset(history, before);
  }

  async load(entity: EntityOf, keys: readonly string[]): Promise<readonly Row[]> {
    const held = this.table(entity);
    const others = keys.filter((key) => !held.has(key));
    return [
      ...keys.flatMap((key) => held.get(key) ?? []),
      ...(others.length === 0 || this.isAllHeld() ? [] : await this.stored.load(entity, others)),
    ];
  }

  async select(entity: EntityOf, column: string, values: readonly string[]): Promise<readonly Row[]> {
    const held = this.table(entity);
    const wanted = new Set<unknown>(values);
    const others = this.isAllHeld() ? [] : await this.stored.select(entity, column, values);
    return [
      ...[...held.values()].filter((row): row is Row => row !== null && wanted.has(valueOf(row, column))),
      ...others.filter(({ id }) => !held.has(id)),
    ];
  }

  /**
   * Writes the held rows.
   * @throws CheckpointMoved when another controller has written meanwhile; then the held rows are forgotten
   */
  async write(): Promise<void> {
    const { span } = this;
    try {
      if (span !== undefined && span.to !== null)
        await this.stored.advance(span.from, span.to, (rows) => this.writeAll(rows));
    } catch (error) {
      if (isRefusal(error)) this.cautious = true;
      throw error;
    } finally {
      this.forget();
    }
  }

  /** In the order of the keys, which is that of their index: each of its pages is touched once. */
  private async writeAll(rows: RowTransaction): Promise<void> {
    for (const [entity, held] of this.tables) {
      const keys = [...held.keys()].sort();
      const removed = keys.filter((key) => held.get(key) === null);
      if (removed.length > 0) await rows.remove(entity, removed);
      const kept = keys.flatMap((key) => held.get(key) ?? []);
      for (let from = 0; from < kept.length; from += WRITTEN_AT_ONCE)
        await rows.put(entity, kept.slice(from, from + WRITTEN_AT_ONCE));
    }
  }

  /** Begins to hold; undefined when the generation is built, or nothing is to be held. */
  private async begin(): Promise<Span | undefined> {
    if (this.built || this.cautious) return undefined;
    const { position, built, parked } = await this.checkpoint();
    if (!built) this.span = { from: position, to: position, parked };
    return this.span;
  }

  /** Nothing was written before. */
  private isAllHeld(): boolean {
    return this.span?.from === null;
  }

  heldRows(): number {
    let rows = 0;
    for (const held of this.tables.values()) rows += held.size;
    return rows;
  }

  private forget(): void {
    this.tables.clear();
    this.span = undefined;
  }

  private table(entity: EntityOf): Held {
    const known = this.tables.get(entity);
    if (known !== undefined) return known;
    const table: Held = new Map();
    this.tables.set(entity, table);
    return table;
  }
}
