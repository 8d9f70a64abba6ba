import type { EventEntry } from './kernel/catalogue';

export interface CataloguedEvent extends EventEntry {
  /** The type as Cairn writes it today. */
  readonly type: string;
  readonly category: string;
}

interface Writer {
  readonly category: string;
  readonly events: Readonly<Record<string, EventEntry>>;
}

/**
 * Lists the events of all aggregates by type. An older type has the entry of the type that its upcaster makes of it.
 */
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
