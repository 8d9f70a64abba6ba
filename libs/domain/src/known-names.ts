import { aggregateOf, aggregates } from './aggregates';
import { catalogueOf } from './catalogue';
import type { Owes } from './kernel';

/** Every event that was ever written, by its type (`docs/events`). */
export const eventCatalogue = catalogueOf(Object.values(aggregates));

/** Every type of event that is written today. */
export const EVENT_TYPES: readonly string[] = [...new Set([...eventCatalogue.values()].map(({ type }) => type))].sort();

/** Every command that some aggregate gives to another one. */
export const EFFECT_COMMANDS: readonly string[] = owedBy(({ commands }) => commands);

/** Every kind of job that some aggregate gives to a host. */
export const EFFECT_JOBS: readonly string[] = owedBy(({ jobs }) => jobs);

/** The name of every effect that some aggregate can owe (`effectName`). */
export const EFFECT_NAMES: readonly string[] = [
  ...EFFECT_COMMANDS,
  ...EFFECT_JOBS,
  ...owedBy(({ places }) => (places ? ['place'] : [])),
];

function owedBy(names: (owes: Owes) => readonly string[]): readonly string[] {
  const all = Object.keys(aggregates).flatMap((category) => {
    const owes = aggregateOf(category)?.owes;
    return owes === undefined ? [] : names(owes);
  });
  return [...new Set(all)].sort();
}
