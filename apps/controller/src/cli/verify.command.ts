import type { RecordedEvent } from '@cairn/event-store';

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
  try {
    return stream === '--rows'
      ? await verifyRows(store, await readModelDatabase(config), say)
      : await verifyChains(stream === undefined ? wholeLog(store) : store.read(stream));
  } finally {
    await store.close();
  }
}

async function verifyChains(events: AsyncIterable<RecordedEvent>): Promise<number> {
  const verifier = new ChainVerifier();
  for await (const event of events) verifier.check(event);
  for (const { stream, revision, position, why } of verifier.broken)
    say(`BROKEN ${stream} at revision ${String(revision)} (position ${String(position)}): ${why}`);
  const verdict =
    verifier.broken.length === 0 ? 'all chains hold' : `${String(verifier.broken.length)} chains are broken`;
  say(`${String(verifier.checked)} events of ${String(verifier.streams)} streams: ${verdict}`);
  return verifier.broken.length === 0 ? 0 : 1;
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);
