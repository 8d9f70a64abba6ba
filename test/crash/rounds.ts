import type { Round, Trial } from './trial';

const SEED = process.env['CRASH_SEED'];

/**
 * So many rounds that count, with the seeds `round-0`, `round-1`, …; with CRASH_SEED set, that one only.
 * @throws Error of the first round that fails, or when too few of many tries count
 */
export async function roundsOf(
  trial: Trial,
  count: number,
): Promise<{ readonly rounds: readonly Round[]; readonly notCounted: number }> {
  const rounds: Round[] = [];
  const wanted = SEED === undefined ? count : 1;
  for (let tried = 0; ; tried += 1) {
    if (rounds.length === wanted) return { rounds, notCounted: tried - wanted };
    if (tried === 2 * wanted + 5) throw new Error(`only ${String(rounds.length)} of ${String(tried)} rounds count`);
    const round = await trial.round(SEED ?? `round-${String(tried)}`);
    if (round === undefined) continue;
    rounds.push(round);
    if (rounds.length % 10 === 0)
      process.stdout.write(`[crash] ${String(rounds.length)} of ${String(wanted)} rounds\n`);
  }
}
