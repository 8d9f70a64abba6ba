import type { BenchCloud } from '../bench-cloud';
import type { Figure } from '../figures';
import { GOALS } from '../goals';
import { atRest } from '../load';
import { split, sum } from '../machine';
import { fill } from './lists';

/**
 * Everything with 20 simulated hosts and 1,000 servers at rest, as OpenStack's control plane was measured; and what it
 * had grown to by the work of the parts before.
 */
export async function memory(bench: BenchCloud): Promise<readonly Figure[]> {
  await fill(bench);
  const busy = sum(bench.processes.memory().values());
  await atRest();
  const sizes = bench.processes.memory();
  return [
    {
      what: 'memory of everything at rest, 20 hosts, 1,000 servers',
      value: sum(sizes.values()),
      ...GOALS.memory,
      note: `${busy.toFixed(0)} MiB right after the work; ${split(sizes)}`,
    },
  ];
}
