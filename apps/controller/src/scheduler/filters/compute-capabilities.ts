import type { PlacementRequest } from '@cairn/domain';
import { hostAttribute } from '../host-attributes';
import type { HostView } from '../host-view';
import type { SchedulerSettings } from '../settings';
import { isWhatIsDemanded } from './extra-spec-match';
import { type Filter, listed } from './filter';

const SCOPE = 'capabilities';

/**
 * Extra specs under `capabilities:` are demands on what the host is. Those without a scope are so too, unless the filter
 * of aggregates reads them: nova reads them twice then, and no host passes both.
 */
export function computeCapabilities({ filters }: SchedulerSettings): Filter {
  const readsBare = !filters.includes('AggregateInstanceExtraSpecsFilter');
  const pathOf = (name: string): readonly string[] | undefined => {
    const path = name.split(':');
    if (path.length === 1) return readsBare ? path : undefined;
    return path[0] === SCOPE ? path.slice(1) : undefined;
  };
  const failing = (host: HostView, { extraSpecs = {} }: PlacementRequest): readonly string[] =>
    Object.entries(extraSpecs)
      .filter(([name, demand]) => {
        const path = pathOf(name);
        return path !== undefined && !meets(hostAttribute(host, path), demand);
      })
      .map(([name, demand]) => `${name} ${demand}`);
  return {
    name: 'ComputeCapabilitiesFilter',
    passes: (host, request) => failing(host, request).length === 0,
    reason: 'No host has what the extra specs of the flavor demand.',
    why: (host, request) => `does not have ${listed(failing(host, request))}`,
  };
}

const meets = (attribute: ReturnType<typeof hostAttribute>, demand: string): boolean => {
  if (attribute === undefined) return false;
  if (typeof attribute === 'object') return Array.isArray(attribute) && isWhatIsDemanded(attribute.join(' '), demand);
  return isWhatIsDemanded(String(attribute), demand);
};
