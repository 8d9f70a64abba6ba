import type { BenchCloud } from '../bench-cloud';
import { type Figure, percentile } from '../figures';
import { GOALS } from '../goals';
import { load } from '../load';
import { split, sum, used } from '../machine';

/** Until V8 has compiled what a validation runs through: the first thousands take up to three times as long. */
const WARM = 15_000;

/** Password logins and validations at 16 clients. */
export async function tokens(bench: BenchCloud): Promise<readonly Figure[]> {
  const { tenant, processes } = bench;
  const issue = await load(16, { count: 64 }, () => bench.login());
  const one = await load(1, { count: 5 }, () => bench.login());
  await bench.settled();
  await load(16, { count: WARM }, () => tenant.validate());
  const before = processes.cpu();
  const validated = await load(16, { seconds: 3 }, () => tenant.validate());
  const cpu = used(before, processes.cpu());
  const each = 1_000 / validated.latencies.length;
  return [
    {
      what: 'tokens by password, 16 clients',
      value: issue.latencies.length / issue.seconds,
      ...GOALS.tokens,
      note: `one alone takes ${percentile(one.latencies, 0.5).toFixed(0)} ms`,
    },
    {
      what: 'token validations, 16 clients',
      value: validated.latencies.length / validated.seconds,
      ...GOALS.validations,
      note: `${(sum(cpu.values()) * each).toFixed(2)} ms each (${split(cpu, each)})`,
    },
  ];
}
