import type { SnapshotForm } from './aggregate';
import { own } from './own';
import { Table } from './table';

type Entries = readonly (readonly [string, unknown])[];

/** The names of a state's properties that are tables. */
type TablesOf<S> = { [K in keyof S]-?: S[K] extends Table<unknown> ? K : never }[keyof S];

/**
 * For states that are JSON but for their tables, which a snapshot holds as lists of entries.
 * @param tables all of them, by name: `load` makes tables of these lists again.
 */
export const tableSnapshot = <S extends object>(tables: Readonly<Record<TablesOf<S>, true>>): SnapshotForm<S> => ({
  save: (state) => state,
  load: (stored) => {
    const raw = stored as Readonly<Record<string, unknown>>;
    const loaded = Object.keys(tables).map((name) => [name, Table.from(own(raw, name) as Entries)] as const);
    return { ...raw, ...Object.fromEntries(loaded) } as S;
  },
});
