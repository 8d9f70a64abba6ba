import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { MAX_CONSOLE_BYTES, readConsoleLog } from './console-log';

describe('the console log', () => {
  let directory: string;
  let file: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'cairn-console-'));
    file = join(directory, 'console.log');
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  it('is empty before there is one', async () => {
    expect(await readConsoleLog(file, null)).toBe('');
  });

  it.each([
    [null, 'one\ntwo\nthree\n'],
    [2, 'two\nthree\n'],
    [5, 'one\ntwo\nthree\n'],
    [0, ''],
  ])('gives the last lines (%p)', async (lines, expected) => {
    await writeFile(file, 'one\ntwo\nthree\n');
    expect(await readConsoleLog(file, lines)).toBe(expected);
  });

  it('counts a line that is not ended yet', async () => {
    await writeFile(file, 'one\ntwo\nlogin: ');
    expect(await readConsoleLog(file, 2)).toBe('two\nlogin: ');
  });

  it('goes on in the files that were rotated away, newest first', async () => {
    await writeFile(file, 'new\n');
    await writeFile(`${file}.0`, 'older\n');
    await writeFile(`${file}.1`, 'oldest\n');
    expect(await readConsoleLog(file, null)).toBe('oldest\nolder\nnew\n');
    expect(await readConsoleLog(file, 2)).toBe('older\nnew\n');
  });

  it('is read to a limit, from the start of a line', async () => {
    const line = `${'x'.repeat(99)}\n`;
    await writeFile(file, `first\n${line.repeat(2 * (MAX_CONSOLE_BYTES / 100))}last\n`);
    const text = await readConsoleLog(file, null);
    expect(text.length).toBeLessThanOrEqual(MAX_CONSOLE_BYTES);
    expect(text.startsWith(line)).toBe(true);
    expect(text.endsWith(`${line}last\n`)).toBe(true);
  });

  it('survives bytes that are no text', async () => {
    await writeFile(file, Buffer.from([0xff, 0xfe, 0x0a]));
    expect(await readConsoleLog(file, null)).toBe('\ufffd\ufffd\n');
  });
});
