import type { BenchCloud } from '../bench-cloud';
import type { Figure } from '../figures';
import { GOALS } from '../goals';
import { atRest, load } from '../load';
import { split } from '../machine';

/** How often a list of the first servers is read. */
const READS = 30;
const PAGE = 1_000;
const NEWEST = '2.93';

/** The controller of a cloud that has ten thousand servers: after long lists of them, and at rest. */
export async function many(bench: BenchCloud): Promise<readonly Figure[]> {
  const { admin, processes } = bench;
  await bench.settled();
  await load(1, { count: READS }, () => admin.details(PAGE, '&all_tenants=1', NEWEST));
  const busy = processes.memory().get('controller') ?? NaN;
  await atRest();
  const sizes = processes.memory();
  return [
    {
      what: 'memory of the controller at rest, 10,000 servers',
      value: sizes.get('controller') ?? NaN,
      ...GOALS.controller,
      note: `${busy.toFixed(0)} MiB right after ${String(READS)} lists of 1,000; ${split(sizes)}`,
    },
  ];
}
