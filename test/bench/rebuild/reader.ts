import { setTimeout as sleep } from 'node:timers/promises';
import { EventStoreDb } from '../../../libs/event-store/src';
import { openReadModel, type ReadModelDatabase } from '../../../libs/projections/src';

/** What one rebuild took, in a process of its own that does nothing else: what a controller does when it starts. */
export interface Rebuilt {
  readonly seconds: number;
  /** Of this process, all its threads. */
  readonly cpuSeconds: number;
  readonly peakMib: number;
}

async function main([url, database]: readonly string[]): Promise<void> {
  const log = EventStoreDb.connect(url ?? '');
  const before = process.cpuUsage();
  const began = performance.now();
  const model = await openReadModel({
    database: JSON.parse(database ?? '') as ReadModelDatabase,
    log,
    timer: { sleep: (ms, signal) => sleep(ms, undefined, { signal }).catch(() => undefined) },
    logger: { info: () => undefined, error: console.error },
  });
  while (!model.isReady() && model.failure === undefined) await sleep(5);
  if (model.failure !== undefined) throw model.failure;
  const seconds = (performance.now() - began) / 1_000;
  const { user, system } = process.cpuUsage(before);
  const peakMib = process.resourceUsage().maxRSS / 1_024;
  const rebuilt: Rebuilt = { seconds, cpuSeconds: (user + system) / 1e6, peakMib };
  process.stdout.write(`${JSON.stringify(rebuilt)}\n`);
  await model.close();
  await log.close();
}

main(process.argv.slice(2)).then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
