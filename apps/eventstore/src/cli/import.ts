import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Options } from './command';
import { parseLine } from './exported-event';
import { Importer } from './importer';
import { storeClient } from './store';

/** Appends exported events with the same ids and revisions. Recognises events that are there already. */
export async function importLog(options: Options, file: string | undefined): Promise<number> {
  const client = storeClient(options);
  const lines = createInterface({ input: file === undefined ? process.stdin : createReadStream(file) });
  const importer = new Importer(client);
  let number = 0;
  try {
    for await (const line of lines) {
      number += 1;
      await importer.take(parseLine(line, number));
    }
    await importer.finish();
  } finally {
    lines.close();
    await client.dispose();
  }
  const { filled } = importer;
  const gaps = filled === 0 ? '' : `, with ${String(filled)} placeholders for events that had been removed`;
  process.stderr.write(`imported ${String(number)} events${gaps}\n`);
  return 0;
}
