import type { EventCatalogue } from './catalogue';
import type { Effect, Owes } from './effect';
import type { Instant } from './time';

/** A command or an event: a name and its data, JSON all the way down. */
export interface Message {
  readonly type: string;
  readonly data: object;
}

/**
 * What a decision knows besides the state. It comes with the command, so that the same history always decides the same.
 */
export interface Context {
  readonly commandId: string;
  readonly at: Instant;
  /** The caller, for rules that depend on it; undefined for Cairn's own commands. */
  readonly caller?: Asker;
}

/** A caller as far as rules of the domain know one. */
export interface Asker {
  readonly projectId: string | null;
  /** By policy an administrator, who may act on locked resources. */
  readonly isAdmin: boolean;
}

/** Answers by the command's type. As a parameter that is left out it stands for an aggregate whose commands answer nothing. */
export type Answers = Readonly<Record<string, unknown>>;

/**
 * An aggregate as pure functions. `decide` refuses by throwing DomainError; a repeat of what already holds decides
 * nothing. `evolve` never throws on known history. `answer` is what the command's sender learns, read from the state
 * after the command, so that a repeat learns the same.
 */
export interface Decider<S, C extends Message, E extends Message, A = Answers> {
  readonly initial: S;
  decide(command: C, state: S, context: Context): readonly E[];
  evolve(state: S, event: E, context: Context): S;
  answer?(command: C, state: S): A[keyof A] | undefined;
}

/** @template A what commands answer, by their type */
export interface Aggregate<S, C extends Message, E extends Message, A = Answers> extends Decider<S, C, E, A> {
  /** First part of the stream's name; holds no '-', where EventStoreDB's `$by_category` splits. */
  readonly category: string;
  /** What each event means, and whether a row shows it. */
  readonly events: EventCatalogue<E>;
  /** Raise it when the code can no longer read stored snapshots of the state. */
  readonly schemaVersion: number;
  /**
   * Commands that the state alone makes safe to repeat at any time. A repeat of one is decided again, because the state
   * may no longer hold what the first one answered.
   */
  readonly decidedAgain?: readonly C['type'][];
  /** The effects that the stream owes, as a function of its state. */
  due?(state: S): readonly Effect[];
  /** Every effect that `due` can list; absent where nothing is ever owed. */
  readonly owes?: Owes;
  /** How a snapshot stores the state. What it holds is bounded by what lives, never by what has happened. */
  readonly snapshot: SnapshotForm<S>;
  /**
   * Most streams of the category grow without end: a snapshot is looked for before any event is read. Others are read
   * from their start, and a snapshot is looked for once that proves long.
   */
  readonly growing?: true;
}

export interface SnapshotForm<S> {
  /** JSON. */
  save(state: S): unknown;
  load(stored: unknown): S;
}

/** For states that are JSON, except that some properties may be undefined: JSON leaves those out. */
export const plainSnapshot = <S extends object>(): SnapshotForm<S> => ({
  save: (state) => state,
  load: (stored) => stored as S,
});

/** A stream as category and id. */
export interface StreamRef {
  readonly category: string;
  readonly id: string;
}

export const streamName = ({ category, id }: StreamRef): string => `${category}-${id}`;

/** The inverse of `streamName`; undefined for streams that are not of that form. */
export function parseStream(name: string): StreamRef | undefined {
  const at = name.indexOf('-');
  return at <= 0 ? undefined : { category: name.slice(0, at), id: name.slice(at + 1) };
}

export const fold = <S, C extends Message, E extends Message>(
  decider: Decider<S, C, E>,
  events: Iterable<readonly [E, Context]>,
  from: S = decider.initial,
): S => {
  let state = from;
  for (const [event, context] of events) state = decider.evolve(state, event, context);
  return state;
};
