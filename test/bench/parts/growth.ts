import type { BenchCloud } from '../bench-cloud';
import { type Figure, percentile } from '../figures';
import { atRest, load } from '../load';
import { sum, used } from '../machine';
import { createMany, deleteAll, oneByOne } from './launches';

/** Launched and deleted before: what V8 has not compiled yet would be counted against the cloud that is measured first. */
const WARM_UP = 1_000;
/** Servers of the tenant who is measured, whatever else the cloud holds. */
const SERVERS = 1_000;

/** Figures of the same work in a small and in a large cloud, by name; all are better when they are less. */
export type Sample = ReadonlyMap<string, { readonly value: number; readonly unit: string }>;

export async function sample(bench: BenchCloud): Promise<Sample> {
  const { tenant, admin, processes } = bench;
  await createMany(bench, WARM_UP, 'warm');
  await deleteAll(bench);
  const created = await createMany(bench, SERVERS, 'sample');
  const ids = (await tenant.list()).map(({ id }) => id);
  const read = async (operation: (index: number) => Promise<unknown>): Promise<number> => {
    await load(1, { count: 200 }, operation);
    return percentile((await load(1, { count: 500 }, operation)).latencies, 0.5);
  };
  const shown = await read((index) => tenant.show(ids[index % ids.length] ?? ''));
  const listed = await read(() => tenant.details(100));
  const ofAll = await read(() => admin.details(100, '&all_tenants=1'));
  const before = processes.cpu();
  const { latencies } = await load(16, { count: 1_000 }, () => tenant.validate());
  const validated = (sum(used(before, processes.cpu()).values()) * 1_000) / latencies.length;
  await atRest();
  const memory = sum(processes.memory().values());
  const deleted = await deleteAll(bench);
  const single = await oneByOne(bench);
  const ms = (value: number): { value: number; unit: string } => ({ value, unit: 'ms' });
  return new Map([
    ['launch to ACTIVE, 16 clients, time of each', ms(1_000 / created.perSecond)],
    ['processor time of a launch', ms(created.cpuMsEach)],
    ['processor time of a deletion', ms(deleted.cpuMsEach)],
    ['create accepted, p50', ms(percentile(single.accepted, 0.5))],
    ['create to ACTIVE, p50', ms(percentile(single.active, 0.5))],
    ['show, p50', ms(shown)],
    ['list of 100 with details, p50', ms(listed)],
    ['the first 100 of all tenants, p50', ms(ofAll)],
    ['processor time of a token validation', ms(validated)],
    ['memory at rest', { value: memory, unit: 'MiB' }],
  ]);
}

/** The large cloud's figures against the small one's. */
export function compared(small: Sample, large: Sample): readonly Figure[] {
  return [...large].map(([what, { value, unit }]) => {
    const before = small.get(what)?.value ?? NaN;
    const note = `${before.toFixed(2)} ${unit} before, ${value.toFixed(2)} ${unit} after`;
    return { what: `grown: ${what}`, value: value / before, unit: 'times', bar: 1.5, better: 'less', note };
  });
}
