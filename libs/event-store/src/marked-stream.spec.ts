import { PassThrough, type Readable } from 'node:stream';
import { MarkedStream } from './marked-stream';

const never = (): boolean => false;

/** Items and messages as they come, until `count` of them. */
async function take(stream: MarkedStream<number, string>, count: number, signal?: AbortSignal): Promise<unknown[]> {
  const seen: unknown[] = [];
  for await (const next of stream.read(signal ?? new AbortController().signal)) {
    seen.push('item' in next ? next.item : next.message);
    if (seen.length === count) break;
  }
  return seen;
}

describe('MarkedStream', () => {
  let source: PassThrough & Readable;
  let stream: MarkedStream<number, string>;

  beforeEach(() => {
    source = new PassThrough({ objectMode: true });
    stream = new MarkedStream(source);
  });

  it('puts a message behind the items that were there when it was made, not before', async () => {
    source.write(1);
    source.write(2);
    stream.mark('after 2', never);
    source.write(3);
    stream.mark('after 3', never);
    expect(await take(stream, 5)).toEqual([1, 2, 'after 2', 3, 'after 3']);
  });

  it('yields a message at once when no item is in front of it, also while it waits', async () => {
    stream.mark('first', never);
    const seen = take(stream, 4);
    setImmediate(() => {
      stream.mark('second', never);
      source.write(1);
      setImmediate(() => {
        stream.mark('third', never);
      });
    });
    expect(await seen).toEqual(['first', 'second', 1, 'third']);
  });

  it('keeps one of the messages that replace each other at the same place', async () => {
    stream.mark('checkpoint 1', never);
    stream.mark('checkpoint 2', (earlier) => earlier.startsWith('checkpoint'));
    source.write(1);
    stream.mark('checkpoint 3', (earlier) => earlier.startsWith('checkpoint'));
    expect(await take(stream, 3)).toEqual(['checkpoint 2', 1, 'checkpoint 3']);
  });

  it('throws what the source failed with, behind what came before', async () => {
    source.write(1);
    const seen: unknown[] = [];
    const reading = (async () => {
      for await (const next of stream.read(new AbortController().signal)) {
        seen.push(next);
        source.emit('error', new Error('gone'));
        source.emit('error', new Error('again'));
      }
    })();
    await expect(reading).rejects.toThrow('gone');
    expect(seen).toEqual([{ item: 1 }]);
  });

  it('ends with its source, and when the signal aborts', async () => {
    const abort = new AbortController();
    const seen = take(stream, 10, abort.signal);
    source.write(1);
    setImmediate(() => {
      abort.abort();
    });
    expect(await seen).toEqual([1]);
    source.end();
    expect(await take(stream, 10)).toEqual([]);
  });
});
