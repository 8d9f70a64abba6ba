import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RecordedEvent } from '@cairn/event-store';
import { PieceReader } from './piece';
import { piecesOf } from './read-pieces';

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

describe('the pieces of an exported log', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cairn-exported-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function read(text: string): Promise<readonly (RecordedEvent | undefined)[]> {
    const file = join(folder, 'log.jsonl');
    await writeFile(file, text);
    const events: (RecordedEvent | undefined)[] = [];
    for await (const piece of piecesOf(file)) {
      const reader = new PieceReader(piece);
      for (let n = 0; n < reader.lines; n += 1) events.push(reader.event(n));
    }
    return events;
  }

  it('have every line, wherever one of them ends', async () => {
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
    expect(events.every((event, n) => event?.data['text'] === '€ü𝄞'.repeat(n % 90))).toBe(true);
  });

  it('have room for more lines than are usual, and for one that is longer than what is read at once', async () => {
    const long = line(1)
      .replace('"text":""', `"text":"${'x'.repeat(3_000_000)}"`)
      .replace('"n":1', '"n":"long"');
    const events = await read(`${'{}\n'.repeat(5_000)}${long}\n`);
    expect(events).toHaveLength(5_001);
    expect(events.at(-1)?.data).toMatchObject({ n: 'long' });
  });

  it('are none where nothing was exported', async () => {
    expect(await read('')).toEqual([]);
  });

  it('end with the whole of the last line', async () => {
    await expect(read(`${line(0)}\n${line(1).slice(0, 40)}`)).rejects.toThrow('line 2 is cut off');
  });
});
