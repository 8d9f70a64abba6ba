import { open } from 'node:fs/promises';
import { codeOf } from '@cairn/os';

/** nova 26.1 (`MAX_CONSOLE_BYTES`): what is kept of a console for a reader, however much the guest wrote. */
export const MAX_CONSOLE_BYTES = 100 * 1024;
/** virtlogd starts a new file at 2 MiB and keeps the three before it as `.0` (the newest) to `.2`. */
const OLDER = ['.0', '.1', '.2'];

/**
 * The end of a console log that virtlogd writes to `file`, at most `MAX_CONSOLE_BYTES` of it and at most `lines` lines;
 * '' when there is none. Bytes that are not UTF-8 become U+FFFD: a guest may write anything.
 */
export async function readConsoleLog(file: string, lines: number | null): Promise<string> {
  const chunks: Buffer[] = [];
  let wanted = MAX_CONSOLE_BYTES;
  let cutShort = false;
  for (const path of [file, ...OLDER.map((suffix) => `${file}${suffix}`)]) {
    const tail = await tailOf(path, wanted);
    if (tail === null) break;
    chunks.unshift(tail.bytes);
    wanted -= tail.bytes.length;
    cutShort = tail.cutShort;
    if (cutShort) break;
  }
  const text = Buffer.concat(chunks).toString('utf8');
  const whole = cutShort ? text.slice(text.indexOf('\n') + 1) : text;
  return lines === null ? whole : lastLines(whole, lines);
}

/** The last `count` lines of a text; a line that is not ended yet counts as one. */
export function lastLines(text: string, count: number): string {
  if (count <= 0) return '';
  const ended = text.endsWith('\n');
  const all = (ended ? text.slice(0, -1) : text).split('\n');
  return all.slice(-count).join('\n') + (ended ? '\n' : '');
}

async function tailOf(path: string, atMost: number): Promise<{ bytes: Buffer; cutShort: boolean } | null> {
  const handle = await open(path, 'r').catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  });
  if (handle === null) return null;
  try {
    const { size } = await handle.stat();
    const length = Math.min(size, atMost);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, size - length);
    return { bytes: buffer.subarray(0, bytesRead), cutShort: size > length };
  } finally {
    await handle.close();
  }
}
