import type { BenchCloud } from '../bench-cloud';
import type { Figure } from '../figures';
import { split, sum } from '../machine';
import { fill } from './lists';

/** Everything with 20 simulated hosts and 1,000 servers, after the work of the parts before it. */
export async function memory(bench: BenchCloud): Promise<readonly Figure[]> {
  await fill(bench);
  const sizes = bench.processes.memory();
  return [
    {
      what: 'memory of everything, 20 hosts, 1,000 servers',
      value: sum(sizes.values()),
      unit: 'MiB',
      bar: 450,
      better: 'less',
      openstack: 1.9 * 1_024 + 20 * 135,
      note: split(sizes),
    },
  ];
}
