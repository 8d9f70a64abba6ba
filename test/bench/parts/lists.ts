import type { BenchCloud } from '../bench-cloud';
import { type Figure, percentile } from '../figures';
import { type Goal, GOALS } from '../goals';
import { load } from '../load';
import { sum, used } from '../machine';
import { createMany } from './launches';

const SECONDS = 3;
const SERVERS = 1_000;
/** The microversion that shows most of a server. */
const NEWEST = '2.93';

/** Reads at one client; leaves the servers for the parts that come after. */
export async function lists(bench: BenchCloud): Promise<readonly Figure[]> {
  const { tenant, processes } = bench;
  await fill(bench);
  const ids = (await tenant.list()).map(({ id }) => id);
  const figure = async (what: string, goal: Goal, operation: (index: number) => Promise<unknown>): Promise<Figure> => {
    await load(1, { count: 20 }, operation);
    const before = processes.cpu();
    const { latencies } = await load(1, { seconds: SECONDS }, operation);
    const cpu = (sum(used(before, processes.cpu()).values()) * 1_000) / latencies.length;
    const note = `${cpu.toFixed(2)} ms of processor time`;
    return { what: `${what}, 1 client, p50`, value: percentile(latencies, 0.5), ...goal, note };
  };
  return [
    await figure('show', GOALS.show, (index) => tenant.show(ids[index % ids.length] ?? '')),
    await figure('list of 100 with details', GOALS.list100, () => tenant.details(100)),
    await figure('list of 1,000 with details', GOALS.list1000, () => tenant.details(SERVERS)),
    await figure('list of 1,000 with details at 2.93', GOALS.newest1000, () => tenant.details(SERVERS, '', NEWEST)),
  ];
}

/** Makes up for what is missing of a thousand servers. */
export async function fill(bench: BenchCloud): Promise<void> {
  const missing = SERVERS - (await bench.tenant.list()).length;
  if (missing > 0) await createMany(bench, missing, `list-${String(missing)}`);
}
