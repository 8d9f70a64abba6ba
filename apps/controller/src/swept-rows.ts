import type { EventStore } from '@cairn/event-store';
import { notice } from '@cairn/os';
import { type ReadModel, type ReadModelDatabase, SteadySweep, type Swept } from '@cairn/projections';

import type { Log } from './log';
import type { MetricsFile } from './metrics-file';
import type { Clock } from './runtime/ports';

export interface SweptRowsParts {
  readonly database: ReadModelDatabase;
  readonly store: Pick<EventStore, 'head' | 'read' | 'subscribe'>;
  readonly readModel: Pick<ReadModel, 'isReady'>;
  readonly metrics: MetricsFile;
  readonly clock: Clock;
  readonly log: Log;
  /** 0: never. */
  readonly eventsPerSecond: number;
}

/** Compares the read models with the log until the signal aborts, and says loudly what it had to mend. */
export async function sweepRows(parts: SweptRowsParts, signal: AbortSignal): Promise<void> {
  const { database, store, readModel, metrics, clock, log, eventsPerSecond } = parts;
  if (eventsPerSecond === 0) return;
  while (!readModel.isReady() && !signal.aborted) await clock.sleep(1_000, signal);
  const sweep = new SteadySweep({
    database,
    log: store,
    timer: clock,
    now: () => Date.parse(clock.now()),
    eventsPerSecond,
    onSwept: (swept) => {
      metrics.addCompared(swept.compared);
      tellDifferences(swept, log, metrics);
    },
    onError: (error) => {
      log.warn('rows could not be compared with the log, to be tried again', { error });
    },
  });
  await sweep.run(signal);
}

/** Each difference in the log; how many in the metrics; and a line for `./cairn status`. */
function tellDifferences({ differences }: Swept, log: Log, metrics: MetricsFile): void {
  const [first] = differences;
  if (first === undefined) return;
  for (const { entity, ...difference } of differences) {
    metrics.addDifference(difference.group);
    log.error('read model: a row was not what the log says', { ...difference, table: entity.name });
  }
  const mended = differences.every((one) => one.mended) ? 'made again from the log' : 'NOT all made again yet';
  const which = `${first.entity.name} ${first.key} of ${first.stream} was ${first.kind} ${first.columns.join(' ')}`;
  notice(`${String(differences.length)} rows were not what the log says, ${mended}; the first: ${which.trim()}`);
}
