import { createReadStream } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { bodyOf, type RecordedEvent } from '@cairn/event-store';

const CHUNK_BYTES = 1024 * 1024;

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
  const decoder = new StringDecoder('utf8');
  let [rest, number] = ['', 0];
  for await (const chunk of createReadStream(file, { highWaterMark: CHUNK_BYTES }) as AsyncIterable<Buffer>) {
    const lines = (rest + decoder.write(chunk)).split('\n');
    rest = lines.pop() ?? '';
    const first = number + 1;
    number += lines.length;
    yield lines.map((line, i) => parsed(line, first + i));
  }
  if (rest !== '') throw new Error(`line ${String(number + 1)} is cut off`);
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
