import { DomainError, type SchedulerHints } from '@cairn/domain';
import type { FilterName } from '../../scheduler/filters/names';

const FILTER_OF: Readonly<Record<keyof SchedulerHints, { readonly hint: string; readonly filter: FilterName }>> = {
  sameHost: { hint: 'same_host', filter: 'SameHostFilter' },
  differentHost: { hint: 'different_host', filter: 'DifferentHostFilter' },
  nearHost: { hint: 'build_near_host_ip', filter: 'SimpleCIDRAffinityFilter' },
  query: { hint: 'query', filter: 'JsonFilter' },
};

/** nova ignores a hint whose filter the cloud has not chosen; the server would be where its owner does not want it. */
export function requireFollowed(hints: SchedulerHints | undefined, filters: readonly FilterName[]): void {
  for (const key of Object.keys(hints ?? {})) {
    const { hint, filter } = FILTER_OF[key as keyof SchedulerHints];
    if (filters.includes(filter)) continue;
    const message = `Scheduler hint '${hint}' is not supported: this cloud does not use ${filter}.`;
    throw new DomainError('invalid', 'scheduler.hint-not-followed', message);
  }
}
