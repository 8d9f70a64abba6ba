import type { Message } from './aggregate';

/** The description of one type of event, beside its TypeScript type. */
export interface EventEntry {
  /** What the event says, in one sentence (`docs/events`). */
  readonly meaning: string;
  /** Whether a row of the read models shows it: then a projection must fold it. */
  readonly shown: boolean;
  /** Types that are no longer written, whose events are upcast to this one. */
  readonly from?: readonly string[];
}

/** Every type of event that an aggregate writes. One that is missing or unknown does not compile. */
export type EventCatalogue<E extends Message> = Readonly<Record<E['type'], EventEntry>>;
