import type { Aggregate, Message, StreamRef } from './kernel';
import * as exported from './resources';

/** An aggregate with its types of state and messages erased, as the runtime handles it. */
export type AnyAggregate = Aggregate<unknown, Message, Message>;

/** What tells an aggregate from everything else that its folder exports. */
interface AggregateShape {
  readonly category: string;
  readonly initial: unknown;
  decide(...of: readonly never[]): unknown;
}

type Exported = typeof exported;

type Aggregates = { readonly [K in keyof Exported as Exported[K] extends AggregateShape ? K : never]: Exported[K] };

const isAggregate = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'category' in value && 'decide' in value;

/** Every aggregate by its category, which is the name that its folder exports it by. */
export const aggregates = Object.fromEntries(
  Object.entries(exported).filter(([, value]) => isAggregate(value)),
) as unknown as Aggregates;

export type Category = keyof Aggregates;

/** The aggregate of a category; undefined for streams that are not the domain's. */
export const aggregateOf = (category: string): AnyAggregate | undefined =>
  Object.hasOwn(aggregates, category) ? aggregates[category as Category] : undefined;

/** A stream of one of the aggregates: its category says which commands, state and answers belong to it. */
export interface StreamOf<C extends Category> extends StreamRef {
  readonly category: C;
}

/** Names a stream. Code outside the domain has no other way to do so. */
export const streamRef = <C extends Category>(category: C, id: string): StreamOf<C> => ({ category, id });

/** Whether a stream that came from elsewhere is of that category. */
export const isOf = <C extends Category>(category: C, ref: StreamRef): ref is StreamOf<C> => ref.category === category;

export type StateOf<C extends Category> = Aggregates[C]['initial'];
export type CommandOf<C extends Category> = Parameters<Aggregates[C]['decide']>[0];
export type EventOf<C extends Category> = Parameters<Aggregates[C]['evolve']>[1];

type AnswersOf<C extends Category> =
  Aggregates[C] extends Aggregate<infer _S, infer _C, infer _E, infer A>
    ? string extends keyof A
      ? object
      : A
    : never;

/** What the sender of a command learns, by the command's type; undefined for commands that answer nothing. */
export type Answer<C extends Category, T extends CommandOf<C>['type']> = {
  readonly [K in C]: { readonly [N in T]: N extends keyof AnswersOf<K> ? AnswersOf<K>[N] : undefined }[T];
}[C];

export type DomainCommand = CommandOf<Category>;
export type DomainEvent = EventOf<Category>;
