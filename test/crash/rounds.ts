import type { Round, Trial } from './trial';

const SEED = process.env['CRASH_SEED'];

/** So many rounds may fail before the rest is not tried any more. */
const MOST_FAILURES = 3;

export interface Rounds {
  readonly rounds: readonly Round[];
  readonly notCounted: number;
}

/**
 * As many rounds that count as there are seeds: with these, and with further ones in the place of rounds that do not
 * count; with CRASH_SEED set, that one only.
 * @throws Error with what was wrong in those that failed, or when too few of many tries count
 */
export async function roundsOf(trial: Trial, seeds: readonly string[]): Promise<Rounds> {
  const rounds: Round[] = [];
  const failures: string[] = [];
  const wanted = SEED === undefined ? seeds.length : 1;
  let tried = 0;
  for (; rounds.length < wanted && failures.length < MOST_FAILURES && tried < 2 * wanted + 5; tried += 1) {
    const round = await trial
      .round(SEED ?? seeds[tried] ?? `instead-${String(tried - seeds.length)}`)
      .catch((error: unknown) => {
        failures.push(error instanceof Error ? error.message : String(error));
        process.stdout.write(`[crash] ${failures.at(-1)?.split('\nthe log')[0] ?? ''}\n`);
        return undefined;
      });
    if (round !== undefined) rounds.push(round);
    if (tried % 10 === 9) process.stdout.write(`[crash] ${String(rounds.length)} of ${String(wanted)} rounds\n`);
  }
  if (failures.length > 0) throw new Error(failures.join('\n\n'));
  if (rounds.length < wanted) throw new Error(`only ${String(rounds.length)} of ${String(tried)} rounds count`);
  return { rounds, notCounted: tried - wanted };
}
