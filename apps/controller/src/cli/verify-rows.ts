import type { EventStore } from '@cairn/event-store';
import { notice } from '@cairn/os';
import { FIRST_ROW, type ReadModelDatabase, type RowCursor, RowSweep, type Swept } from '@cairn/projections';

import { wholeLog } from './log-scan';

/** Streams that are compared together. */
const AT_ONCE = 100;

/**
 * Compares all rows of the read models with the log, while the cloud runs or not, and makes those again that differ.
 * @param say is told a line for each difference, and one for the whole
 * @returns the exit status: 1 if a row differed
 */
export async function verifyRows(
  store: Pick<EventStore, 'read' | 'subscribe'>,
  database: ReadModelDatabase,
  say: (line: string) => void,
): Promise<number> {
  const sweep = await RowSweep.open({ database, log: store });
  let [compared, differing, moving, parked] = [0, 0, 0, 0];
  const look = async (streams: readonly string[]): Promise<void> => {
    for (let from = 0; from < streams.length; from += AT_ONCE) {
      const swept = await sweep.compare(streams.slice(from, from + AT_ONCE));
      for (const line of lines(swept)) say(line);
      compared += swept.compared;
      differing += swept.differences.length;
      moving += swept.moving.length;
      parked += swept.parked.length;
    }
  };
  try {
    const streams = await streamsOf(store, sweep);
    await look([...streams]);
    for (let cursor: RowCursor | undefined = FIRST_ROW; cursor !== undefined;) {
      const found: Awaited<ReturnType<RowSweep['owners']>> = await sweep.owners(1_000, cursor);
      await look(found.streams.filter((stream) => !streams.has(stream)));
      cursor = found.next;
    }
  } finally {
    await sweep.close();
  }
  const verdict = differing === 0 ? 'are what the log says' : `${String(differing)} were not what the log says`;
  say(`the rows of ${String(compared)} streams: ${verdict}`);
  if (moving > 0) say(`${String(moving)} streams changed all the while: not compared`);
  if (parked > 0) say(`${String(parked)} streams are parked: ./cairn stuck says why`);
  if (differing > 0) notice(`${String(differing)} rows were not what the log says (./cairn verify --rows)`);
  return differing === 0 ? 0 : 1;
}

async function streamsOf(store: Pick<EventStore, 'subscribe'>, sweep: RowSweep): Promise<ReadonlySet<string>> {
  const streams = new Set<string>();
  for await (const { stream } of wholeLog(store)) if (sweep.concerns(stream)) streams.add(stream);
  return streams;
}

const lines = ({ differences }: Swept): readonly string[] =>
  differences.map(({ stream, entity, key, kind, columns, mended }) => {
    const what = columns.length === 0 ? kind : `${kind} (${columns.join(', ')})`;
    return `DIFFERS ${stream}: ${entity.name} ${key} is ${what}; ${mended ? 'made again' : 'NOT made again'}`;
  });
