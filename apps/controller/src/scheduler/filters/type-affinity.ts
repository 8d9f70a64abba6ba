import { own } from '@cairn/domain';
import { type Filter, listed } from './filter';

/** A host has servers of one flavor only. */
export const typeAffinity: Filter = {
  name: 'TypeAffinityFilter',
  passes: ({ load }, { flavorName }) => [...load.flavors].every((name) => name === flavorName),
  reason: 'Every host that would do has servers of other flavors.',
  why: ({ load }, { flavorName }) => `has servers of ${listed([...load.flavors])}, asked for ${flavorName}`,
};

const KEY = 'instance_type';

/** The flavors that an aggregate names, separated by commas, are the only ones on its hosts. */
export const aggregateTypeAffinity: Filter = {
  name: 'AggregateTypeAffinityFilter',
  passes: ({ aggregates }, { flavorName }) =>
    aggregates.every((metadata) => {
      const names = own(metadata, KEY);
      return names === undefined || names.split(',').some((name) => name.trim() === flavorName);
    }),
  reason: 'Every host that would do is kept for other flavors.',
  why: ({ aggregates }, { flavorName }) =>
    `is kept for ${listed(aggregates.map((metadata) => own(metadata, KEY) ?? '').filter((names) => names !== ''))}, ` +
    `asked for ${flavorName}`,
};
