import { EventLog } from '../../../apps/eventstore/src/log/event-log';
import { syntheticLog } from './synthetic-log';

/** Appends that may be committed together. */
const IN_FLIGHT = 5_000;

/**
 * Writes a log of so many events into a directory of the embedded store, without its wire.
 * @returns how many were written
 */
export async function writeLog(directory: string, events: number): Promise<number> {
  const log = EventLog.open({ directory });
  const revisions = new Map<string, number>();
  let [written, flying] = [0, [] as Promise<void>[]];
  for (const { stream, event } of syntheticLog(events)) {
    const revision = revisions.get(stream) ?? -1;
    revisions.set(stream, revision + 1);
    const { id, type, data, metadata } = event;
    const proposed = {
      id: Buffer.from(id.replaceAll('-', ''), 'hex'),
      type,
      json: true,
      data: Buffer.from(JSON.stringify(data)),
      metadata: Buffer.from(JSON.stringify(metadata)),
    };
    const expected = revision < 0 ? 'no-stream' : revision;
    const command = {
      kind: 'append',
      stream,
      expected,
      events: [proposed],
      deadlineMs: Number.MAX_SAFE_INTEGER,
    } as const;
    flying.push(
      new Promise((done, failed) => {
        log.write(command, (outcome) => {
          if (outcome.kind === 'done') done();
          else failed(new Error(`${stream}: ${outcome.kind}`));
        });
      }),
    );
    written += 1;
    if (flying.length === IN_FLIGHT) {
      await Promise.all(flying);
      flying = [];
    }
  }
  await Promise.all(flying);
  log.close();
  return written;
}
