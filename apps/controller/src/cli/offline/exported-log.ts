import { createReadStream } from 'node:fs';
import { bodyOf, type RecordedEvent } from '@cairn/event-store';

const CHUNK_BYTES = 1024 * 1024;
const NEWLINE = '\n'.charCodeAt(0);

interface Line {
  readonly stream: string;
  readonly revision: string;
  readonly position: string;
  readonly id: string;
  readonly type: string;
  readonly created: string;
  readonly json?: unknown;
  readonly base64?: string;
  readonly metadata?: unknown;
  readonly metadataBase64?: string;
}

/**
 * The events of a file that `cairn log export` wrote, some thousand at a time.
 * @throws Error with the number of the line that is none, or was exported by a version that left out positions
 */
export async function* exportedLog(file: string): AsyncGenerator<readonly RecordedEvent[]> {
  let [rest, number]: [Buffer, number] = [Buffer.alloc(0), 0];
  for await (const chunk of createReadStream(file, { highWaterMark: CHUNK_BYTES }) as AsyncIterable<Buffer>) {
    // Lines are cut out of the bytes: decoding and splitting a whole chunk costs more than parsing what is in it.
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const events: RecordedEvent[] = [];
    let from = 0;
    for (let to = bytes.indexOf(NEWLINE); to >= 0; to = bytes.indexOf(NEWLINE, from)) {
      number += 1;
      events.push(parsed(bytes.toString('utf8', from, to), number));
      from = to + 1;
    }
    rest = bytes.subarray(from);
    yield events;
  }
  if (rest.length > 0) throw new Error(`line ${String(number + 1)} is cut off`);
}

function parsed(text: string, number: number): RecordedEvent {
  const line = lineOf(text);
  if (line === undefined) throw new Error(`line ${String(number)} is no exported event with a position`);
  const { stream, id, type, created, revision, position } = line;
  const data = bodyOf(line.base64 === undefined ? line.json : Buffer.from(line.base64, 'base64'));
  const metadata = bodyOf(
    line.metadataBase64 === undefined ? line.metadata : Buffer.from(line.metadataBase64, 'base64'),
  );
  return { id, type, stream, revision: BigInt(revision), position: BigInt(position), created, data, metadata };
}

function lineOf(text: string): Line | undefined {
  try {
    const line = JSON.parse(text) as Partial<Line>;
    const { stream, id, type, revision, position } = line;
    const texts = [stream, id, type].every((each) => typeof each === 'string');
    const numbers = [revision, position].every((each) => typeof each === 'string' && /^\d+$/.test(each));
    return texts && numbers ? (line as Line) : undefined;
  } catch {
    return undefined;
  }
}
