import type { Selection } from '@cairn/domain';

/** One choice of a host, or the end of the search for one. */
export interface Choice {
  readonly at: string;
  /** What came of it: `node-1 was chosen (attempt 1)`. */
  readonly outcome: string;
  /** Undefined where it is not known how the choice was made. */
  readonly selection: Selection | undefined;
  /** True if the selection is not the record of then, but made again from the log. */
  readonly rebuilt: boolean;
}

const number = (value: number): string => String(Math.round(value * 100) / 100);

/** `RAMWeigher 7680, CPUWeigher 127`. */
const valuesOf = (values: Readonly<Record<string, number>>): string =>
  Object.entries(values)
    .map(([weigher, value]) => `${weigher} ${number(value)}`)
    .join(', ');

/** A line for each host that the record shows, then how many more there were. */
function linesOf({ excludedBy, excluded, weighed, considered }: Selection): readonly string[] {
  const hosts = [
    ...weighed.map(({ host, weight, values }) => [host, `weight ${number(weight)}: ${valuesOf(values)}`] as const),
    ...excluded.map(({ host, filter, why }) => [host, `excluded by ${filter}${why === '' ? '' : `: ${why}`}`] as const),
  ];
  const width = Math.max(0, ...hosts.map(([host]) => host.length));
  const notShown = Object.entries(excludedBy)
    .map(([filter, count]) => [filter, count - excluded.filter((one) => one.filter === filter).length] as const)
    .filter(([, count]) => count > 0)
    .map(([filter, count]) => `  and ${String(count)} more excluded by ${filter}`);
  const inAll = Object.values(excludedBy).reduce((sum, count) => sum + count, weighed.length);
  const moreWeighed = considered - inAll;
  return [
    ...hosts.map(([host, what]) => `  ${host.padEnd(width)}  ${what}`),
    ...notShown,
    ...(moreWeighed > 0 && weighed.length > 0 ? [`  and ${String(moreWeighed)} more that would do`] : []),
  ];
}

/** What `cairn why` prints of a choice. */
export function explained({ at, outcome, selection, rebuilt }: Choice): string {
  if (selection === undefined) return `${at}  ${outcome}; how is not in the log`;
  const note = rebuilt
    ? '\n  (The launch kept no record of this. The log of then was judged by the settings of today, without choices\n  that were not claims yet.)'
    : '';
  return [`${at}  ${outcome}, of ${String(selection.considered)} hosts${note}`, ...linesOf(selection)].join('\n');
}
