import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import type { Writable } from 'node:stream';
import type { Options } from './command';
import { exported, exportedLine } from './exported-event';
import { storeClient } from './store';

/** Streams that belong to a server and not to its history: what an import must not write. */
const OWN_STREAMS = /^\$(?!\$)|^\$\$\$/;

/** Writes every event of a store, in the order of its log, as one line of JSON each. */
export async function exportLog(options: Options, file: string | undefined): Promise<number> {
  const client = storeClient(options);
  const output: Writable = file === undefined ? process.stdout : createWriteStream(file, { mode: 0o600 });
  let events = 0;
  try {
    for await (const { event } of client.readAll()) {
      if (event === undefined || OWN_STREAMS.test(event.streamId)) continue;
      events += 1;
      if (!output.write(`${exportedLine(exported(event))}\n`)) await once(output, 'drain');
    }
  } finally {
    await client.dispose();
  }
  if (file !== undefined) {
    output.end();
    await once(output, 'finish');
  }
  process.stderr.write(`exported ${String(events)} events\n`);
  return 0;
}
