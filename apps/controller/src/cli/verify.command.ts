import type { ControllerConfig } from '../config';
import { connectStore } from '../connect-store';
import { readModelDatabase } from '../read-model-database';
import { wholeLog } from './log-scan';
import { ChainVerifier } from './verify';
import { verifyRows } from './verify-rows';

/**
 * Walks one stream, or the whole log, and says whether every event still follows from the one before it; with `--rows`
 * instead whether the read models are what the log says.
 */
export async function verify(config: ControllerConfig, stream: string | undefined): Promise<number> {
  const store = connectStore(config);
  if (stream === '--rows') {
    try {
      return await verifyRows(store, await readModelDatabase(config), (line) => void process.stdout.write(`${line}\n`));
    } finally {
      await store.close();
    }
  }
  const verifier = new ChainVerifier();
  try {
    for await (const event of stream === undefined ? wholeLog(store) : store.read(stream)) verifier.check(event);
  } finally {
    await store.close();
  }
  for (const { stream: name, revision, position, why } of verifier.broken) {
    process.stdout.write(`BROKEN ${name} at revision ${String(revision)} (position ${String(position)}): ${why}\n`);
  }
  const verdict =
    verifier.broken.length === 0 ? 'all chains hold' : `${String(verifier.broken.length)} chains are broken`;
  process.stdout.write(`${String(verifier.checked)} events of ${String(verifier.streams)} streams: ${verdict}\n`);
  return verifier.broken.length === 0 ? 0 : 1;
}
