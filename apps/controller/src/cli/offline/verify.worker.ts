import { parentPort, workerData } from 'node:worker_threads';
import { ChainVerifier } from '../verify';
import { exportedLog } from './exported-log';

/** What the worker answers: why the export cannot be trusted, or null. */
export type Verdict = string | null;

/** Beside the thread that folds, this one checks that every event follows from the one before it in its stream. */
async function verified(file: string): Promise<Verdict> {
  const verifier = new ChainVerifier();
  let before = -1n;
  for await (const events of exportedLog(file)) {
    for (const event of events) {
      if (event.position <= before) return `position ${String(event.position)} comes after ${String(before)}`;
      before = event.position;
      if (event.type.startsWith('$')) continue;
      verifier.check(event);
      const [broken] = verifier.broken;
      if (broken !== undefined) return `${broken.stream}, revision ${String(broken.revision)}: ${broken.why}`;
    }
  }
  return null;
}

verified(String(workerData)).then(
  (verdict) => parentPort?.postMessage(verdict),
  (error: unknown) => parentPort?.postMessage(error instanceof Error ? error.message : String(error)),
);
