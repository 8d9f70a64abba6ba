import type { BenchCloud } from '../bench-cloud';
import { type Figure, percentile } from '../figures';
import { load } from '../load';
import { createMany } from './launches';

const SECONDS = 3;
const SERVERS = 1_000;

/** Reads at one client; leaves the servers for the parts that come after. */
export async function lists(bench: BenchCloud): Promise<readonly Figure[]> {
  const { tenant } = bench;
  await fill(bench);
  const ids = (await tenant.list()).map(({ id }) => id);
  const p50 = async (operation: (index: number) => Promise<unknown>): Promise<number> => {
    await load(1, { count: 20 }, operation);
    const { latencies } = await load(1, { seconds: SECONDS }, operation);
    return percentile(latencies, 0.5);
  };
  const show = await p50((index) => tenant.show(ids[index % ids.length] ?? ''));
  const hundred = await p50(() => tenant.details(100));
  const thousand = await p50(() => tenant.details(SERVERS));
  return [
    { what: 'show, 1 client, p50', value: show, unit: 'ms', bar: 3, better: 'less', openstack: 52 },
    { what: 'list of 100 with details, p50', value: hundred, unit: 'ms', bar: 8, better: 'less' },
    {
      what: 'list of 1,000 with details, p50',
      value: thousand,
      unit: 'ms',
      bar: 50,
      better: 'less',
      openstack: 2_191,
    },
  ];
}

/** Makes up for what is missing of a thousand servers. */
export async function fill(bench: BenchCloud): Promise<void> {
  const missing = SERVERS - (await bench.tenant.list()).length;
  if (missing > 0) await createMany(bench, missing, `list-${String(missing)}`);
}
