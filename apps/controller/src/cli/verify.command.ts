import type { ControllerConfig } from '../config';
import { connectStore } from '../connect-store';
import { wholeLog } from './log-scan';
import { ChainVerifier } from './verify';

/** Walks one stream, or the whole log, and says whether every event still follows from the one before it. */
export async function verify(config: ControllerConfig, stream: string | undefined): Promise<number> {
  const store = connectStore(config);
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
