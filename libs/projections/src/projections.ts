import { eventCatalogue } from '@cairn/domain';
import type { AnyProjection } from './projection';
import * as readModels from './read-models';

const isProjection = (exported: unknown): exported is AnyProjection =>
  typeof exported === 'object' && exported !== null && 'apply' in exported && 'types' in exported;

/** Every read model's projection, by name. */
export const projections: readonly AnyProjection[] = Object.values<unknown>(readModels)
  .filter(isProjection)
  .sort((a, b) => (a.name < b.name ? -1 : 1));

/** The types of other streams' events begin with these; the runner passes over them. */
const FOREIGN = ['agent.', 'audit.', 'relay.', 'snapshot.'] as const;

/**
 * Types of events that no row shows, the most frequent ones first. A type that nobody knows is not among them: it must
 * stop the runner.
 */
export const UNWANTED: readonly string[] = [
  ...FOREIGN,
  ...[...eventCatalogue].filter(([, { shown }]) => !shown).map(([type]) => type),
];
