import type { Context } from '../kernel/aggregate';
import type { InstanceEvent } from './events';
import type { Instance } from './state';

/** Decisions on the commands of one part of the instance, by type. */
export type Decisions<Commands> = {
  readonly [T in keyof Commands]: (data: Commands[T], state: Instance, context: Context) => readonly InstanceEvent[];
};

/** How the events of one part change the instance, by type. */
export type Folds<Events> = {
  readonly [T in keyof Events]: (state: Instance, data: Events[T], context: Context) => Instance;
};
