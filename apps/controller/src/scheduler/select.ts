import { deriveId, DomainError, type PlacementRequest } from '@cairn/domain';

import { type Filter, FILTERS } from './filters';
import type { HostView } from './host-view';
import { type Weigher, WEIGHERS } from './weighers';

/**
 * The best host for a request. Pure: the instance's id breaks ties, not chance.
 * @throws DomainError `scheduler.no-valid-host` with the filter that left none.
 */
export function select(
  hosts: readonly HostView[],
  request: PlacementRequest,
  filters: readonly Filter[] = FILTERS,
  weighers: readonly Weigher[] = WEIGHERS,
): HostView {
  const candidates = request.forcedHost === null ? filtered(hosts, request, filters) : forced(hosts, request);
  const scores = new Map(candidates.map(({ hostId }) => [hostId, 0]));
  for (const weigher of weighers) {
    const values = candidates.map((host) => weigher.weigh(host));
    const [least, most] = [Math.min(...values), Math.max(...values)];
    candidates.forEach(({ hostId }, i) => {
      const normalised = most === least ? 0 : ((values[i] ?? 0) - least) / (most - least);
      scores.set(hostId, (scores.get(hostId) ?? 0) + normalised * weigher.multiplier);
    });
  }
  const best = Math.max(...scores.values());
  const equal = candidates.filter(({ hostId }) => scores.get(hostId) === best);
  const pick = parseInt(deriveId(request.instanceId, 'tie').slice(0, 8), 16) % equal.length;
  return equal[pick] as HostView;
}

function filtered(
  hosts: readonly HostView[],
  request: PlacementRequest,
  filters: readonly Filter[],
): readonly HostView[] {
  let left = hosts;
  for (const filter of filters) {
    left = left.filter((host) => filter.passes(host, request));
    if (left.length === 0) throw noValidHost(filter.reason, filter.name);
  }
  return left;
}

/** An administrator's choice skips the filters; the host's own claim still has the last word. */
function forced(hosts: readonly HostView[], { forcedHost, excludedHosts }: PlacementRequest): readonly HostView[] {
  const left = hosts.filter(({ name, hostId }) => name === forcedHost && !excludedHosts.includes(hostId));
  if (left.length === 0) throw noValidHost(`Host ${String(forcedHost)} cannot take the server.`, 'ForcedHost');
  return left;
}

const noValidHost = (reason: string, filter: string): DomainError =>
  new DomainError(
    'capacity',
    'scheduler.no-valid-host',
    `No valid host was found. There are not enough hosts available. ${reason}`,
    { filter },
  );
