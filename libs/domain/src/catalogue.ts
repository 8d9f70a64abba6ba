import type { EventEntry } from './kernel/catalogue';

export interface CataloguedEvent extends EventEntry {
  /** The type as it is written today. */
  readonly type: string;
  readonly category: string;
}

interface Writer {
  readonly category: string;
  readonly events: Readonly<Record<string, EventEntry>>;
}

/** What aggregates write, by type. A type that is upcast leads to the entry of the one that it becomes. */
export function catalogueOf(writers: readonly Writer[]): ReadonlyMap<string, CataloguedEvent> {
  const all = new Map<string, CataloguedEvent>();
  for (const { category, events } of writers)
    for (const [type, entry] of Object.entries(events))
      for (const name of [type, ...(entry.from ?? [])]) {
        if (all.has(name)) throw new Error(`${name} is in the catalogue twice`);
        all.set(name, { ...entry, type, category });
      }
  return all;
}
