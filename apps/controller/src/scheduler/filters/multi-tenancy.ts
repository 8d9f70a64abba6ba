import type { AggregateMetadata } from '@cairn/domain';
import { type Filter, listed } from './filter';

/** nova takes any key that begins so, since a value has no room for many projects. */
const KEY = 'filter_tenant_id';

/** The projects that an aggregate names: separated by commas. */
const projectsOf = (metadata: AggregateMetadata): readonly string[] =>
  Object.entries(metadata)
    .filter(([key]) => key.startsWith(KEY))
    .flatMap(([, value]) => value.split(',').map((project) => project.trim()));

/** A host whose aggregates name projects is for these alone; every other host is for all. */
export const multiTenancyIsolation: Filter = {
  name: 'AggregateMultiTenancyIsolation',
  passes: ({ aggregates }, { projectId }) => {
    const projects = aggregates.flatMap(projectsOf);
    return projects.length === 0 || projects.includes(projectId);
  },
  reason: 'Every host that would do is kept for other projects.',
  why: ({ aggregates }, { projectId }) =>
    `is kept for ${listed(aggregates.flatMap(projectsOf))}, asked for by ${projectId}`,
};
