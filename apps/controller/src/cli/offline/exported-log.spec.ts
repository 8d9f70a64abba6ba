import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RecordedEvent } from '@cairn/event-store';

import { exportedLog } from './exported-log';

/** As `cairn log export` writes it; long enough that some thousand are more than is read at once. */
const line = (n: number): string =>
  JSON.stringify({
    stream: `thing-${String(n % 7)}`,
    revision: String(Math.floor(n / 7)),
    position: String(n * 64),
    id: `id-${String(n)}`,
    type: 'thing.noted.v1',
    created: '2026-01-01T00:00:00.000Z',
    json: { n, text: '€ü𝄞'.repeat(n % 90) },
    metadata: { at: '2026-01-01T00:00:00.000Z' },
  });

describe('an exported log', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cairn-exported-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function read(text: string): Promise<readonly RecordedEvent[]> {
    const file = join(folder, 'log.jsonl');
    await writeFile(file, text);
    const events: RecordedEvent[] = [];
    for await (const batch of exportedLog(file)) events.push(...batch);
    return events;
  }

  it('is read line by line, wherever a piece of the file ends', async () => {
    const count = 6_000;
    const events = await read(Array.from({ length: count }, (_, n) => `${line(n)}\n`).join(''));
    expect(events).toHaveLength(count);
    for (const n of [0, 1, 2_999, count - 1]) {
      expect(events[n]).toMatchObject({
        id: `id-${String(n)}`,
        position: BigInt(n * 64),
        revision: BigInt(Math.floor(n / 7)),
      });
    }
    const whole = events.every(({ data }, n) => data['text'] === '€ü𝄞'.repeat(n % 90));
    expect(whole).toBe(true);
  });

  it('is empty where nothing was exported', async () => {
    expect(await read('')).toEqual([]);
  });

  it.each([
    ['is no JSON', `${line(0)}\n{\n`, 'line 2 is no exported event with a position'],
    ['has no position', `${line(0).replace('"position"', '"pos"')}\n`, 'line 1 is no exported event with a position'],
    ['is cut off', `${line(0)}\n${line(1).slice(0, 40)}`, 'line 2 is cut off'],
  ])('names the line that %s', async (_what, text, why) => {
    await expect(read(text)).rejects.toThrow(why);
  });
});
