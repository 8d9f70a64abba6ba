import type { BenchCloud } from '../bench-cloud';
import { load, until } from '../load';
import { sum, used } from '../machine';

export interface Swept {
  readonly perSecond: number;
  readonly cpuMsEach: number;
  /** Seconds of processor time by process. */
  readonly cpu: ReadonlyMap<string, number>;
}

/**
 * Starts an operation on each of `count` things at 16 clients and waits until all are done, while one poller watches.
 * @param done how many are done by now.
 */
export async function sweep(
  { processes }: BenchCloud,
  count: number,
  operation: (index: number) => Promise<unknown>,
  done: () => Promise<number>,
): Promise<Swept> {
  const before = processes.cpu();
  const began = performance.now();
  await Promise.all([load(16, { count }, operation), until(async () => (await done()) >= count, 9)]);
  const seconds = (performance.now() - began) / 1_000;
  const cpu = used(before, processes.cpu());
  return { perSecond: count / seconds, cpuMsEach: (sum(cpu.values()) * 1_000) / count, cpu };
}
