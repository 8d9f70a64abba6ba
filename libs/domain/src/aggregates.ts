import { enrolment } from './enrolment';
import { flavor } from './flavor';
import { host } from './host';
import { image } from './image';
import { instance } from './instance';
import type { Aggregate, Message, StreamRef } from './kernel';
import { keypairs } from './keypairs';
import { network } from './network';
import { project } from './project';
import { quota } from './quota';
import { registry } from './registry';
import { request } from './request';
import { servergroup } from './server-group';
import { user } from './user';

/** An aggregate with its types of state and messages erased, as the runtime handles it. */
export type AnyAggregate = Aggregate<unknown, Message, Message>;

/** Every aggregate by its category. A line here registers one with the runtime. */
export const aggregates = {
  enrolment,
  flavor,
  host,
  image,
  instance,
  keypairs,
  network,
  project,
  quota,
  registry,
  request,
  servergroup,
  user,
} as const;

type Aggregates = typeof aggregates;

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
