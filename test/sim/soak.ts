import { type Pool, seedsFrom } from './pool/pool';
import { Tally } from './tally';

const PROGRESS_MS = 5_000;

/**
 * Runs one world after the other until it is told to stop (SIGINT or SIGTERM). Says how far it is every few seconds, and
 * at once what broke and how to see it again; at the end the coverage and a summary.
 * @returns whether everything held.
 */
export async function soak(pool: Pool, first: number, say: (line: string) => void): Promise<boolean> {
  const tally = new Tally();
  let told = false;
  const stop = (): void => {
    told = true;
    say('ending: waiting for the worlds that are under way');
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  let latest = first;
  const progress = setInterval(() => {
    say(`… seed ${String(latest)}: ${tally.summary()}`);
  }, PROGRESS_MS);
  try {
    await pool.each(seedsFrom(first), (done) => {
      tally.add(done);
      latest = Math.max(latest, done.result.seed);
      if (done.result.violations.length > 0) say(tally.failures.at(-1) ?? '');
      return !told;
    });
  } finally {
    clearInterval(progress);
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  }
  say(`${tally.coverage.stepTable()}\n`);
  say(`seeds ${String(first)} to ${String(latest)}: ${tally.summary()}`);
  return tally.failures.length === 0;
}
