import type { Aggregate, Context, Message } from '../kernel/aggregate';
import type { Effect } from '../kernel/effect';
import { DomainError } from '../kernel/errors';
import { type Instant, later } from '../kernel/time';

/** When every example begins. */
export const T0: Instant = '2026-11-22T12:00:00.000Z';

/** `T0` and that many seconds. */
export const after = (seconds: number): Instant => later(T0, seconds * 1000);

/** The context of commands in examples, unless they give another. */
export const NOW: Context = { commandId: 'c0000000-0000-5000-8000-000000000000', at: T0 };

/** An event that happened at another moment than `T0`. */
export interface Dated<E> {
  readonly event: E;
  readonly at: Instant;
}

export const at = <E>(seconds: number, event: E): Dated<E> => ({ event, at: after(seconds) });

/** The outcome of a decision, and what a test may expect of it. */
export interface Decided<S, E> {
  /** Exactly these events. */
  then(...events: readonly E[]): void;
  /** No event: the command repeats an earlier one, or comes too late. */
  thenNothing(): void;
  thenRefuses(code: string): DomainError;
  /** What the sender learns. */
  thenAnswers(answer: unknown): void;
  /** The events; the decision must not be a refusal. */
  readonly events: readonly E[];
  /** The state after them. */
  readonly state: S;
}

export interface Given<S, C, E> {
  readonly state: S;
  /** The effects due now, in their order. */
  readonly owed: readonly Effect[];
  when(command: C, context?: Partial<Context>): Decided<S, E>;
}

/** `const given = specOf(volume); given(created).when(command).then(event)`. */
export const specOf =
  <S, C extends Message, E extends Message>(aggregate: Aggregate<S, C, E>) =>
  (...history: readonly (E | Dated<E>)[]): Given<S, C, E> => {
    const state = history.reduce((before: S, entry, i) => {
      const { event, at } = 'event' in entry ? entry : { event: entry, at: T0 };
      return aggregate.evolve(before, event, { commandId: `past-${String(i)}`, at });
    }, aggregate.initial);
    return {
      state,
      owed: aggregate.due?.(state) ?? [],
      when: (command, context = {}) => decided(aggregate, state, command, { ...NOW, ...context }),
    };
  };

function decided<S, C extends Message, E extends Message>(
  aggregate: Aggregate<S, C, E>,
  state: S,
  command: C,
  context: Context,
): Decided<S, E> {
  const outcome = decide(aggregate, state, command, context);
  const events = (): readonly E[] => {
    if (outcome instanceof DomainError) throw outcome;
    return outcome;
  };
  const end = (): S => events().reduce((s, event) => aggregate.evolve(s, event, context), state);
  return {
    then: (...expected) => {
      expect(events()).toEqual(expected);
    },
    thenNothing: () => {
      expect(events()).toEqual([]);
    },
    thenRefuses: (code) => {
      expect(outcome).toBeInstanceOf(DomainError);
      expect(outcome).toMatchObject({ code });
      return outcome as DomainError;
    },
    thenAnswers: (answer) => {
      expect(aggregate.answer?.(command, end())).toEqual(answer);
    },
    get events() {
      return events();
    },
    get state() {
      return end();
    },
  };
}

function decide<S, C extends Message, E extends Message>(
  aggregate: Aggregate<S, C, E>,
  state: S,
  command: C,
  context: Context,
): readonly E[] | DomainError {
  try {
    return aggregate.decide(command, state, context);
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
}
