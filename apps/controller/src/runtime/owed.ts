import type { AnyAggregate, Effect } from '@cairn/domain';

/** What was worked out for a state, and by which aggregate. */
interface Known {
  readonly aggregate: AnyAggregate;
  readonly effects: readonly Effect[];
}

const known = new WeakMap<object, Known>();

/**
 * The effects that a state owes. They are a function of the state alone, and several parts of the runtime ask for those of
 * one state in turn: they are worked out once for each.
 */
export function owedBy(aggregate: AnyAggregate, state: unknown): readonly Effect[] {
  if (aggregate.due === undefined) return [];
  if (typeof state !== 'object' || state === null) return aggregate.due(state);
  const found = known.get(state);
  if (found?.aggregate === aggregate) return found.effects;
  const effects = aggregate.due(state);
  known.set(state, { aggregate, effects });
  return effects;
}
