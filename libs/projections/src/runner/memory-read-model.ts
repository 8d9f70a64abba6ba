import { CheckpointMoved } from '../errors';
import type { Row } from '../projection';
import type { Checkpoint, EntityOf, RowStore, RowTransaction } from './row-store';
import { ParkedStreamRow } from './rows';
import { StagedBatch } from './staged-batch';
import { valueOf } from './value-of';

/** Tables in memory, for the simulation, unit tests and views of the past. The same semantics as the SQL store. */
export class MemoryReadModel implements RowStore {
  private readonly tables = new Map<EntityOf, Map<string, Row>>();
  private position: string | null = null;
  private built = false;
  private foldedFrom: string | null = null;

  checkpoint(): Promise<Checkpoint> {
    const parked = new Set(this.table(ParkedStreamRow).keys());
    return Promise.resolve({ position: this.position, built: this.built, parked });
  }

  async advance(from: string | null, to: string, work: (rows: RowTransaction) => Promise<void>): Promise<void> {
    if (this.position !== from) throw new CheckpointMoved(from ?? 'the start');
    const batch = new StagedBatch(this);
    await work(batch);
    batch.apply((entity, key, row) => {
      if (row === null) this.table(entity).delete(key);
      else this.table(entity).set(key, row);
    });
    this.position = to;
  }

  markBuilt(): Promise<void> {
    this.built = true;
    return Promise.resolve();
  }

  history(): Promise<string | null> {
    return Promise.resolve(this.foldedFrom);
  }

  reset(history: string | null, before = this.foldedFrom): Promise<void> {
    if (before !== this.foldedFrom) return Promise.resolve();
    this.foldedFrom = history;
    this.tables.clear();
    this.position = null;
    this.built = false;
    return Promise.resolve();
  }

  load(entity: EntityOf, keys: readonly string[]): Promise<readonly Row[]> {
    return Promise.resolve(keys.flatMap((key) => this.table(entity).get(key) ?? []));
  }

  select(entity: EntityOf, column: string, values: readonly string[]): Promise<readonly Row[]> {
    const wanted = new Set<unknown>(values);
    return Promise.resolve([...this.table(entity).values()].filter((row) => wanted.has(valueOf(row, column))));
  }

  /** One row, or undefined. */
  get<R extends Row>(entity: EntityOf<R>, id: string): R | undefined {
    return this.table(entity).get(id) as R | undefined;
  }

  /** All rows of a table, by key. */
  all<R extends Row>(entity: EntityOf<R>): readonly R[] {
    const rows = [...this.table(entity).values()] as R[];
    return rows.sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  private table(entity: EntityOf): Map<string, Row> {
    const known = this.tables.get(entity);
    if (known !== undefined) return known;
    const table = new Map<string, Row>();
    this.tables.set(entity, table);
    return table;
  }
}
