import type { ExcludedHost, PlacementRequest, Selection } from '@cairn/domain';
import type { Filter } from './filters';
import type { HostView } from './host-view';

/** The hosts that one filter excluded. */
export interface Refused {
  readonly filter: Filter;
  readonly hosts: readonly HostView[];
}

export interface Weighed {
  readonly host: HostView;
  readonly weight: number;
  readonly values: Readonly<Record<string, number>>;
}

/** How many hosts a record shows one by one, of those excluded and of those weighed. */
const MOST_SHOWN = 16;

/** The record of a choice: bounded, however many hosts there are. */
export function selectionOf(
  considered: number,
  request: PlacementRequest,
  refused: readonly Refused[],
  weighed: readonly Weighed[],
): Selection {
  const excluded: ExcludedHost[] = [];
  for (const { filter, hosts } of refused)
    for (const host of hosts.slice(0, MOST_SHOWN - excluded.length))
      excluded.push({ host: host.name, filter: filter.name, why: filter.why(host, request).slice(0, 255) });
  return {
    considered,
    excludedBy: Object.fromEntries(refused.map(({ filter, hosts }) => [filter.name, hosts.length])),
    excluded,
    weighed: weighed
      .slice(0, MOST_SHOWN)
      .map(({ host, weight, values }) => ({ host: host.name, weight: Math.round(weight * 1e4) / 1e4, values })),
  };
}
