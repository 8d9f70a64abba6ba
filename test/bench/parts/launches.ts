import type { BenchCloud } from '../bench-cloud';
import { type Figure, percentile } from '../figures';
import { GOALS } from '../goals';
import { load, until } from '../load';
import { split } from '../machine';
import { sweep, type Swept } from './sweep';

const COUNT = 1_000;
const WARM_UP = 100;
const SINGLE = 30;
/** As openstack-bench.mjs does it: each figure is the middle one of three sweeps. */
const SWEEPS = 3;

/** Launches and deletions, many at once and one at a time. */
export async function launches(bench: BenchCloud): Promise<readonly Figure[]> {
  const { tenant } = bench;
  await createMany(bench, WARM_UP, 'warm');
  await deleteAll(bench);
  const creations: Swept[] = [];
  const deletions: Swept[] = [];
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    creations.push(await createMany(bench, COUNT, `many-${String(sweep)}`));
    deletions.push(await deleteAll(bench));
  }
  const [created, deleted] = [middle(creations), middle(deletions)];
  const single = await oneByOne(bench);
  const of = ({ cpu }: Swept, all: readonly Swept[]): string =>
    `${split(cpu, 1_000 / COUNT)}; sweeps ${all.map(({ cpuMsEach }) => cpuMsEach.toFixed(1)).join(', ')}`;
  const figures: Figure[] = [
    {
      what: `${String(COUNT)} launches to ACTIVE, 16 clients`,
      value: created.perSecond,
      ...GOALS.launches,
    },
    {
      what: 'processor time of a launch, all processes',
      value: created.cpuMsEach,
      ...GOALS.launchCpu,
      note: of(created, creations),
    },
    {
      what: `${String(COUNT)} deletions to gone, 16 clients`,
      value: deleted.perSecond,
      ...GOALS.deletions,
    },
    {
      what: 'processor time of a deletion',
      value: deleted.cpuMsEach,
      unit: 'ms',
      better: 'less',
      note: of(deleted, deletions),
    },
    {
      what: 'create accepted, 1 client, p50',
      value: percentile(single.accepted, 0.5),
      ...GOALS.accepted,
      note: `p95 ${percentile(single.accepted, 0.95).toFixed(0)} ms`,
    },
    {
      what: 'create to ACTIVE, 1 client, p50',
      value: percentile(single.active, 0.5),
      ...GOALS.active,
      note: `p95 ${percentile(single.active, 0.95).toFixed(0)} ms`,
    },
  ];
  if ((await tenant.list()).length > 0) throw new Error('servers are left over');
  return figures;
}

/** The middle rate, and the sweep of the middle processor time. */
function middle(sweeps: readonly Swept[]): Swept {
  const cpuMsEach = percentile(
    sweeps.map((swept) => swept.cpuMsEach),
    0.5,
  );
  const perSecond = percentile(
    sweeps.map((swept) => swept.perSecond),
    0.5,
  );
  const cpu = sweeps.find((swept) => swept.cpuMsEach === cpuMsEach)?.cpu ?? new Map<string, number>();
  return { perSecond, cpuMsEach, cpu };
}

export function createMany(bench: BenchCloud, count: number, tag: string): Promise<Swept> {
  const { tenant, image } = bench;
  const name = (index: number): string => `${tag}-${String(index)}`;
  const active = async (): Promise<number> =>
    (await tenant.list('&status=ACTIVE')).filter((server) => server.name.startsWith(`${tag}-`)).length;
  return sweep(bench, count, (index) => tenant.create(name(index), image), active);
}

export async function deleteAll(bench: BenchCloud): Promise<Swept> {
  const { tenant } = bench;
  const ids = (await tenant.list()).map(({ id }) => id);
  const gone = async (): Promise<number> => ids.length - (await tenant.list()).length;
  return sweep(bench, ids.length, (index) => tenant.delete(ids[index] ?? ''), gone);
}

export async function oneByOne({
  tenant,
  image,
}: BenchCloud): Promise<{ readonly accepted: readonly number[]; readonly active: readonly number[] }> {
  const accepted: number[] = [];
  const active: number[] = [];
  await load(1, { count: SINGLE + 5 }, async (index) => {
    const from = performance.now();
    const id = await tenant.create(`single-${String(index)}`, image);
    const taken = performance.now() - from;
    await until(async () => (await tenant.statusOf(id)) === 'ACTIVE', 0.5);
    if (index >= 5) accepted.push(taken);
    if (index >= 5) active.push(performance.now() - from);
    await tenant.delete(id);
    await until(async () => (await tenant.list()).length === 0, 0.5);
  });
  return { accepted, active };
}
