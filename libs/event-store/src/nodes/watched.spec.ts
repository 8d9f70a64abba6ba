import { Readable } from 'node:stream';
import type { ClientReadableStream } from '@grpc/grpc-js';
import { Stalled, watched } from './watched';

function callOf(source: Readable): ClientReadableStream<number> & { cancelled: number } {
  return Object.assign(source, {
    cancelled: 0,
    cancel(this: { cancelled: number }) {
      this.cancelled += 1;
    },
  }) as unknown as ClientReadableStream<number> & { cancelled: number };
}
const never = (): Readable => new Readable({ objectMode: true, read: () => undefined });

describe('the messages of a call', () => {
  it('leave turns of the event loop to others, however many have arrived', async () => {
    const call = callOf(Readable.from(Array.from({ length: 10_000 }, (_, i) => i)));
    let [turns, over] = [0, false];
    const turn = (): void => {
      turns += 1;
      if (!over) setImmediate(turn);
    };
    setImmediate(turn);
    let count = 0;
    for await (const message of watched(call, undefined, [])) expect(message).toBe(count++);
    over = true;
    expect(count).toBe(10_000);
    expect(turns).toBeGreaterThan(100);
  });

  it('fail when none comes in time, and the call is cancelled', async () => {
    const call = callOf(never());
    await expect(watched(call, 40, []).next()).rejects.toBeInstanceOf(Stalled);
    expect(call.cancelled).toBe(1);
  });

  it('are waited for only while one is asked for', async () => {
    const source = never();
    source.push(1);
    const messages = watched(callOf(source), 40, []);
    expect(await messages.next()).toEqual({ done: false, value: 1 });
    await new Promise((resolve) => setTimeout(resolve, 150));
    source.push(2);
    expect(await messages.next()).toEqual({ done: false, value: 2 });
    await messages.return(undefined);
  });

  it.each(['before', 'while'])('end with the reason of a signal that aborts %s they are read', async (when) => {
    const ended = new AbortController();
    const reason = new Error('left');
    if (when === 'before') ended.abort(reason);
    const next = watched(callOf(never()), undefined, [ended.signal]).next();
    ended.abort(reason);
    await expect(next).rejects.toBe(reason);
  });
});
