import type { Row, Selection } from '../projection';
import type { EntityOf, RowTransaction } from './row-store';
import { valueOf } from './value-of';

/** The rows of one table that a batch is about: as they were stored, then as its events leave them. */
class TableOverlay {
  private readonly wanted = new Set<string>();
  private readonly selected = new Map<string, Set<string>>();
  private readonly rows = new Map<string, Row>();
  private readonly stored = new Set<string>();
  private readonly changed = new Set<string>();

  constructor(private readonly entity: EntityOf) {}

  want(key: string): void {
    this.wanted.add(key);
  }

  select({ column, value }: Selection): void {
    const values = this.selected.get(column) ?? new Set<string>();
    this.selected.set(column, values.add(value));
  }

  async load(store: RowTransaction): Promise<void> {
    const found: Row[] = [];
    if (this.wanted.size > 0) found.push(...(await store.load(this.entity, [...this.wanted])));
    for (const [column, values] of this.selected) found.push(...(await store.select(this.entity, column, [...values])));
    for (const row of found) {
      this.rows.set(row.id, row);
      this.stored.add(row.id);
    }
  }

  get(key: string): Row | null {
    return this.rows.get(key) ?? null;
  }

  keysWhere({ column, value }: Selection): readonly string[] {
    return [...this.rows.values()].filter((row) => valueOf(row, column) === value).map(({ id }) => id);
  }

  put(key: string, row: Row | null): void {
    if (row === null) this.rows.delete(key);
    else this.rows.set(key, row);
    this.changed.add(key);
  }

  /** Removals first: what takes the place of a row must not meet it. */
  async write(store: RowTransaction): Promise<void> {
    const changed = [...this.changed];
    const removed = changed.filter((key) => !this.rows.has(key) && this.stored.has(key));
    const kept = changed.flatMap((key) => this.rows.get(key) ?? []);
    if (removed.length > 0) await store.remove(this.entity, removed);
    if (kept.length > 0) await store.put(this.entity, kept);
  }
}

/** All rows that a batch is about, by table. */
export class Overlay {
  private readonly tables = new Map<EntityOf, TableOverlay>();

  of(entity: EntityOf): TableOverlay {
    const known = this.tables.get(entity);
    if (known !== undefined) return known;
    const table = new TableOverlay(entity);
    this.tables.set(entity, table);
    return table;
  }

  async load(store: RowTransaction): Promise<void> {
    for (const table of this.tables.values()) await table.load(store);
  }

  async write(store: RowTransaction): Promise<void> {
    for (const table of this.tables.values()) await table.write(store);
  }
}
