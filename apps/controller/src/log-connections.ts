import type { LogConnections } from '@cairn/event-store';

import type { MetricsFile } from './metrics-file';
import type { Clock } from './runtime/ports';

const EVERY_MS = 5_000;

/** Keeps what the log is reached by in the metrics, until the signal aborts. */
export async function countLogConnections(
  store: { readonly connections: LogConnections | undefined },
  metrics: Pick<MetricsFile, 'setLog'>,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  let before = '';
  while (!signal.aborted) {
    const now = store.connections;
    const said = JSON.stringify(now);
    if (said !== before) metrics.setLog(now);
    before = said;
    await clock.sleep(EVERY_MS, signal);
  }
}
