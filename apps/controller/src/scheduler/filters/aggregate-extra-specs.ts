import type { AggregateMetadata } from '@cairn/domain';
import { own } from '@cairn/domain';
import { isWhatIsDemanded } from './extra-spec-match';
import { type Filter, listed } from './filter';

const SCOPE = 'aggregate_instance_extra_specs';

/** The key that a host's aggregates must have; undefined for an extra spec that is meant for something else. */
function keyOf(name: string): string | undefined {
  const at = name.indexOf(':');
  if (at < 0) return name;
  return name.slice(0, at) === SCOPE ? name.slice(at + 1) : undefined;
}

/** An aggregate may say several values, separated by commas. */
const valuesOf = (aggregates: readonly AggregateMetadata[], key: string): readonly string[] =>
  aggregates.flatMap((metadata) => (own(metadata, key)?.split(',') ?? []).map((value) => value.trim()));

/** The aggregates of the host say something that the flavor demands, for each key without a scope or with this one. */
export const aggregateExtraSpecs: Filter = {
  name: 'AggregateInstanceExtraSpecsFilter',
  passes: ({ aggregates }, { extraSpecs = {} }) =>
    Object.entries(extraSpecs).every(([name, demand]) => {
      const key = keyOf(name);
      return key === undefined || valuesOf(aggregates, key).some((value) => isWhatIsDemanded(value, demand));
    }),
  reason: 'No host is in an aggregate that says what the extra specs of the flavor demand.',
  why: (_host, { extraSpecs = {} }) =>
    `its aggregates do not say all of ${listed(Object.entries(extraSpecs).map(([name, demand]) => `${name} ${demand}`))}`,
};
