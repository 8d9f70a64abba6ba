import { MUTANTS } from '../mutants';
import { simulate } from '../simulation';

import type { Errand, Report } from './errand';

/** Runs worlds for a Pool, one after the other, in a process of its own. */
async function run({ seed, mutant }: Errand): Promise<Report> {
  const began = process.cpuUsage();
  const takeOut = mutant === undefined ? undefined : MUTANTS[mutant]?.plant();
  try {
    const result = await simulate(seed);
    const { user, system } = process.cpuUsage(began);
    return { result, cpuMs: (user + system) / 1_000 };
  } catch (error) {
    return { broke: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  } finally {
    takeOut?.();
  }
}

process.on('message', (errand: Errand) => {
  void run(errand).then((report) => process.send?.(report));
});
// the parent process has ended
process.on('disconnect', () => {
  process.exit();
});
// a terminal sends it to the whole group; the one who started this decides when it ends
process.on('SIGINT', () => undefined);
