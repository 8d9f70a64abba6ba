/** What a closed loop of clients did. */
export interface Loaded {
  /** Milliseconds, one per operation. */
  readonly latencies: readonly number[];
  readonly seconds: number;
}

/**
 * `clients` workers, each sending its next request when the last one is answered, until `count` operations are done or
 * `seconds` are over. An operation that throws ends the measurement: a benchmark of errors is none.
 */
export async function load(
  clients: number,
  limit: { readonly count: number } | { readonly seconds: number },
  operation: (index: number) => Promise<unknown>,
): Promise<Loaded> {
  const latencies: number[] = [];
  const began = performance.now();
  let next = 0;
  const goesOn = (): boolean =>
    'count' in limit ? next < limit.count : performance.now() - began < limit.seconds * 1_000;
  const worker = async (): Promise<void> => {
    while (goesOn()) {
      const index = next;
      next += 1;
      const from = performance.now();
      await operation(index);
      latencies.push(performance.now() - from);
    }
  };
  await Promise.all(Array.from({ length: clients }, worker));
  return { latencies, seconds: (performance.now() - began) / 1_000 };
}

/**
 * Asks until it is true, resting `idle` times as long as the question took (at least 5 ms): asking takes a part
 * of the measured time, and this bounds that part.
 */
export async function until(ask: () => Promise<boolean>, idle: number, withinMs = 600_000): Promise<void> {
  const end = performance.now() + withinMs;
  for (;;) {
    const from = performance.now();
    if (await ask()) return;
    if (performance.now() > end) throw new Error(`not within ${String(withinMs)} ms`);
    const rest = Math.max(5, Math.min(2_000, idle * (performance.now() - from)));
    await new Promise((resolve) => setTimeout(resolve, rest));
  }
}

/**
 * Processes give back what work has grown them by after half a minute without any (libs/at-rest), the allocator ten
 * seconds later; a large cloud has something left to do after the last request.
 */
const REST_MS = 120_000;

/** Resolves when a cloud that is asked for nothing has given back what it can. */
export const atRest = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, REST_MS));
