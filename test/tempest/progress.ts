import type { Result } from './outcome';

const EVERY_MS = 10_000;

/** Says every ten seconds how far the run is. */
export function progress(together: number, say: (text: string) => void): (result: Result) => void {
  const began = Date.now();
  const counts = { passed: 0, failed: 0, skipped: 0 };
  let told = began;
  return ({ state }) => {
    counts[state] += 1;
    const now = Date.now();
    if (now - told < EVERY_MS) return;
    told = now;
    const { passed, failed, skipped } = counts;
    const parts = [`${String(passed)} passed`, `${String(failed)} failed`, `${String(skipped)} skipped`];
    say(`  ${String(Math.round((now - began) / 1000))} s: ${parts.join(', ')}, of ${String(together)}`);
  };
}
