import { ownerOf, type RecordedEvent } from '@cairn/event-store';
import { codeOf } from '@cairn/os';
import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { open, type FileHandle } from 'node:fs/promises';
import type { Writable } from 'node:stream';

import { exportLine } from '../offline/exported-line';
import { PieceReader } from '../offline/piece';
import { piecesOf } from '../offline/read-pieces';

const CHUNK_BYTES = 64 * 1024;
const NEWLINE = '\n'.charCodeAt(0);

/** What a log is worth keeping of: Cairn's chains, and how far hosts' reports were relayed. */
export const isKept = (event: RecordedEvent): boolean =>
  ownerOf(event) === 'cairn' || event.stream.startsWith('relay-');

/**
 * The events of an export, in their order. Nothing is checked but that they are events.
 * @throws Error when a line is none
 */
export async function* eventsIn(file: string): AsyncGenerator<RecordedEvent> {
  let lines = 0;
  for await (const piece of piecesOf(file)) {
    const reader = new PieceReader(piece);
    for (let line = 0; line < reader.lines; line += 1) {
      lines += 1;
      const event = reader.event(line);
      if (event === undefined) throw new Error(`line ${String(lines)} of ${file} is no exported event with a position`);
      yield event;
    }
  }
}

/**
 * Cuts off what a writer that was killed has left of a line.
 * @returns whether there is something in the file
 */
export async function mendEnd(file: string): Promise<boolean> {
  let handle: FileHandle;
  try {
    handle = await open(file, 'r+');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
  try {
    const { size } = await handle.stat();
    const end = await endOfLines(handle, size);
    if (end < size) await handle.truncate(end);
    return end > 0;
  } finally {
    await handle.close();
  }
}

async function endOfLines(handle: FileHandle, size: number): Promise<number> {
  for (let to = size; to > 0; to -= CHUNK_BYTES) {
    const from = Math.max(0, to - CHUNK_BYTES);
    const chunk = Buffer.alloc(to - from);
    await handle.read(chunk, 0, chunk.length, from);
    const at = chunk.lastIndexOf(NEWLINE);
    if (at >= 0) return from + at + 1;
  }
  return 0;
}

/** Writes events behind what is in a file (0600), or to standard output. */
export class ExportWriter {
  private readonly output: Writable;
  private lines: string[] = [];
  private length = 0;

  constructor(private readonly file: string | undefined) {
    this.output =
      file === undefined ? process.stdout : createWriteStream(file, { flags: 'a', mode: 0o600, flush: true });
  }

  async write(event: RecordedEvent): Promise<void> {
    const line = exportLine(event);
    this.lines.push(line);
    this.length += line.length;
    if (this.length > CHUNK_BYTES) await this.flush();
  }

  async end(): Promise<void> {
    await this.flush();
    if (this.file === undefined) return;
    this.output.end();
    await once(this.output, 'close');
  }

  private async flush(): Promise<void> {
    if (this.lines.length === 0) return;
    const text = `${this.lines.join('\n')}\n`;
    [this.lines, this.length] = [[], 0];
    if (!this.output.write(text)) await once(this.output, 'drain');
  }
}
