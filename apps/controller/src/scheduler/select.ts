import { deriveId, NoValidHost, type PlacementRequest } from '@cairn/domain';

import type { Filter } from './filters';
import type { HostView } from './host-view';
import { type Refused, selectionOf, type Weighed } from './selection';
import type { Weigher } from './weighers';

/** What hosts are judged by. */
export interface Judges {
  readonly filters: readonly Filter[];
  readonly weighers: readonly Weigher[];
  /** How many of the best hosts are as good as the best. */
  readonly subset: number;
}

interface Selected {
  readonly host: HostView;
  readonly selection: ReturnType<typeof selectionOf>;
}

/**
 * The best host for a request, and how it was found. Pure: the instance's id decides among hosts that are equally good,
 * not chance.
 * @throws NoValidHost with the filter that left none.
 */
export function select(hosts: readonly HostView[], request: PlacementRequest, judges: Judges): Selected {
  const isForced = request.forcedHost !== null;
  const { left, refused, last } = isForced ? forced(hosts, request) : filtered(hosts, request, judges.filters);
  const weighed = weighedBy(judges.weighers, left);
  const selection = selectionOf(hosts.length, request, refused, weighed);
  const [best] = weighed;
  if (best === undefined) throw noValidHost(last, selection);
  const better = weighed.slice(0, judges.subset);
  const equal = weighed.filter(({ weight }, i) => i < better.length || weight === best.weight);
  const candidates = equal.slice().sort((a, b) => (a.host.hostId < b.host.hostId ? -1 : 1));
  const pick = parseInt(deriveId(request.instanceId, 'tie').slice(0, 8), 16) % candidates.length;
  return { host: (candidates[pick] ?? best).host, selection };
}

interface Filtered {
  readonly left: readonly HostView[];
  readonly refused: readonly Refused[];
  /** The filter that excluded the last hosts. */
  readonly last: Pick<Filter, 'name' | 'reason'>;
}

function filtered(hosts: readonly HostView[], request: PlacementRequest, filters: readonly Filter[]): Filtered {
  let left = hosts;
  let last: Filtered['last'] = { name: 'no host', reason: 'There is no host.' };
  const refused: Refused[] = [];
  for (const filter of filters) {
    if (left.length === 0) break;
    const passing = left.filter((host) => filter.passes(host, request));
    if (passing.length < left.length) {
      const kept = new Set(passing);
      refused.push({ filter, hosts: left.filter((host) => !kept.has(host)) });
      last = filter;
    }
    left = passing;
  }
  return { left, refused, last };
}

/** An administrator's choice skips the filters; the host's own claim still has the last word. */
function forced(hosts: readonly HostView[], { forcedHost, excludedHosts }: PlacementRequest): Filtered {
  const left = hosts.filter(({ name, hostId }) => name === forcedHost && !excludedHosts.includes(hostId));
  return {
    left,
    refused: [],
    last: { name: 'ForcedHost', reason: `Host ${String(forcedHost)} cannot take the server.` },
  };
}

/** The best first. */
function weighedBy(weighers: readonly Weigher[], hosts: readonly HostView[]): readonly Weighed[] {
  const columns = weighers.map(({ name, multiplier, weigh }) => {
    const values = hosts.map(weigh);
    const [least, most] = [Math.min(...values), Math.max(...values)];
    const weight = (value: number): number => (most === least ? 0 : ((value - least) / (most - least)) * multiplier);
    return { name, values, weight };
  });
  const weighed = hosts.map((host, i): Weighed => {
    const values = columns.map(({ name, values: column }) => [name, column[i] ?? 0] as const);
    const weight = columns.reduce((sum, column) => sum + column.weight(column.values[i] ?? 0), 0);
    return { host, weight, values: Object.fromEntries(values) };
  });
  return weighed.sort((a, b) => b.weight - a.weight);
}

const noValidHost = ({ name, reason }: Filtered['last'], selection: Selected['selection']): NoValidHost =>
  new NoValidHost(
    `No valid host was found. There are not enough hosts available. ${reason}`,
    { filter: name },
    selection,
  );
