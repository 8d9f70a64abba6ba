import type { Category, DomainEvent, Instant, StreamRef } from '@cairn/domain';

export type EventType = DomainEvent['type'];

/** Every read model's row has its key in `id`. */
export interface Row {
  readonly id: string;
}

/** What a projector knows of an event besides its type and data. */
export interface Fact {
  /** The stream's id, without its category. */
  readonly streamId: string;
  /** The domain's time of the event (`metadata.at`); empty when it has none, and then its stream is parked. */
  readonly at: Instant;
  /** Its place in the log as `LogPosition` columns hold it. */
  readonly position: string;
}

/** A domain event as projectors see it. Still a union by `type`. */
export type Projected<E extends DomainEvent = DomainEvent> = E extends DomainEvent ? E & Fact : never;

/** Whose rows they are. */
export type OwnedBy = {
  /** Of the streams whose events make rows. */
  readonly category: Category;
} & (
  | {
      /** The row's property that holds the stream's id, indexed. */
      readonly column: string;
    }
  | {
      readonly column: null;
      /** Of the one stream that makes all rows of the table. */
      readonly id: string;
    }
);

/** A row of another read model of the same group that the fold of an event needs, as it was before the event. */
export interface Related<E extends DomainEvent, Other extends Row> {
  readonly entity: new () => Other;
  /** Its key, or null when this event needs none. */
  key(event: Projected<E>): string | null;
}

/** Rows chosen by what one of their columns says, for an event that does not name their keys. */
export interface Selection {
  readonly column: string;
  readonly value: string;
}

/**
 * A read model as a pure fold per row: the same in SQL, in memory, and up to any position. A changed fold gets a higher
 * `version`; a changed shape a new folder, table and name. Either makes a new generation of its group, built beside the old one.
 */
export interface Projection<R extends Row = Row, E extends DomainEvent = DomainEvent, Other extends Row = Row> {
  /** `servers.v2`. */
  readonly name: string;
  /**
   * Read models that are kept and built together: those of one group share a checkpoint, a changed one rebuilds them all and
   * no other. Small letters, eight at most.
   */
  readonly group: string;
  /** Of the fold; from 1. */
  readonly version: number;
  readonly entity: new () => R;
  /** Each row belongs to one stream, whose events make it: from them alone it can be made again. */
  readonly owner: OwnedBy;
  /** A further stream whose events may end what this event of the owner has made. */
  endedBy?(event: Projected<E>): StreamRef | null;
  /** The events that it folds. */
  readonly types: Readonly<Record<E['type'], true>>;
  /** Keys of the rows that an event changes, made or not. */
  keys(event: Projected<E>): readonly string[];
  /** Further rows that an event changes: those with this value in this column. The column must be indexed. */
  select?(event: Projected<E>): Selection | null;
  readonly related?: Related<E, Other>;
  /** The row after the event; null: there is none (any more). Returns the row itself when nothing changed. */
  apply(row: R | null, event: Projected<E>, key: string, related: Other | null): R | null;
}

/** A projection whose row and events are known only to itself: what the runner handles. */
export type AnyProjection = Projection;

/** The row of an event that can only come after the one that made it. What this throws parks the stream. */
export function existing<R extends Row>(row: R | null, event: Fact & { readonly type: string }): R {
  if (row === null) throw new Error(`${event.type} of ${event.streamId}: there is no row that it could change`);
  return row;
}
