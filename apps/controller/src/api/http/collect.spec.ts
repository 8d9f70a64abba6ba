import { Unfinished } from '@cairn/edge';
import { PassThrough } from 'node:stream';
import { collect } from './collect';
import { parseJsonBody } from './json-body';
import type { HttpProblem } from './problem';
import { stalled } from './progress';

const statusOf = (work: Promise<unknown>): Promise<number> =>
  work.then(
    () => 200,
    (error: unknown) => (error as HttpProblem).getStatus(),
  );
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a body that is collected', () => {
  it('is all its bytes, and none of them counts any more', async () => {
    const underWay = new Unfinished(10_000, 1_000);
    const body = new PassThrough();
    const whole = collect(body, 100, underWay);
    body.write('ab');
    await settle();
    expect(underWay.heldBytes).toBeGreaterThan(2);
    body.end('c');
    expect((await whole).toString()).toBe('abc');
    expect(underWay.heldBytes).toBe(0);
  });

  it('is refused when it is too long, and the rest thrown away', async () => {
    const underWay = new Unfinished(10_000, 1_000);
    const body = new PassThrough();
    const whole = statusOf(collect(body, 3, underWay));
    body.write('abcd');
    expect(await whole).toBe(413);
    expect(body.writableNeedDrain).toBe(false);
    body.end('x'.repeat(100_000));
    await settle();
    expect([body.readableLength, underWay.heldBytes]).toEqual([0, 0]);
  });

  it('gives place to others when too much is under way: the oldest is told to come again', async () => {
    const underWay = new Unfinished(1_000, 1_000);
    const [old, young] = [new PassThrough(), new PassThrough()];
    const outcomes = [statusOf(collect(old, 10_000, underWay)), statusOf(collect(young, 10_000, underWay))];
    old.write('x'.repeat(400));
    young.write('x'.repeat(400));
    expect(await outcomes[0]).toBe(503);
    young.end();
    expect(await outcomes[1]).toBe(200);
  });

  it('may take only so long', async () => {
    const body = new PassThrough();
    const outcome = statusOf(collect(body, 10, new Unfinished(1_000, 20)));
    body.write('x');
    expect(await outcome).toBe(408);
  });

  it('ends with its client', async () => {
    const underWay = new Unfinished(1_000, 1_000);
    const body = new PassThrough();
    const outcome = statusOf(collect(body, 10, underWay));
    body.write('x');
    body.destroy(new Error('aborted'));
    expect(await outcome).toBe(400);
    expect(underWay.heldBytes).toBe(0);
  });

  it('is not waited for when its client has gone before', async () => {
    const underWay = new Unfinished(1_000, 1_000);
    const body = new PassThrough().destroy();
    await settle();
    expect(await statusOf(collect(body, 10, underWay))).toBe(400);
    expect(underWay.heldBytes).toBe(0);
  });
});

describe('a body that is streamed', () => {
  it('may take for ever while it grows or waits for us, and stalls otherwise', () => {
    jest.useFakeTimers();
    try {
      const request = { complete: false, destroyed: false, readableLength: 0, socket: { bytesRead: 0 } };
      let told = 0;
      const watched = stalled(request, 100).subscribe({
        error: (problem: HttpProblem) => (told = problem.getStatus()),
      });
      for (let i = 0; i < 50; i += 1) {
        request.socket.bytesRead += 20_000;
        jest.advanceTimersByTime(100);
      }
      request.readableLength = 1;
      jest.advanceTimersByTime(1_000);
      expect(told).toBe(0);
      request.readableLength = 0;
      request.socket.bytesRead += 100; // a drip
      jest.advanceTimersByTime(100);
      expect([told, watched.closed]).toEqual([408, true]);
    } finally {
      jest.useRealTimers();
    }
  });

  it('that is whole cannot stall', () => {
    jest.useFakeTimers();
    try {
      const request = { complete: true, destroyed: false, readableLength: 0, socket: { bytesRead: 0 } };
      let told = false;
      stalled(request, 100).subscribe({ error: () => (told = true) });
      jest.advanceTimersByTime(1_000);
      expect([told, jest.getTimerCount()]).toEqual([false, 0]);
    } finally {
      jest.useRealTimers();
    }
  });
});

describe('the limits of JSON', () => {
  const parsed = (text: string, most = 4): unknown => {
    try {
      return parseJsonBody(Buffer.from(text), most);
    } catch (error) {
      return (error as HttpProblem).getStatus();
    }
  };

  it.each([
    ['{"a":1,"b":2,"c":3}', { a: 1, b: 2, c: 3 }],
    ['{"a":1,"b":2,"c":3,"d":4,"e":5}', 413],
    ['[1,2,3,4]', [1, 2, 3, 4]],
    ['[1,2,3,4,5,6]', 413],
    ['[[],[],[],[]]', 413],
    ['"{[,,,,,,,,\\",,,,{{{["', '{[,,,,,,,,",,,,{{{['],
    ['["\\\\",1]', ['\\', 1]],
    ['"', 400],
    [' \n', undefined],
  ])('of %s', (text, value) => {
    expect(parsed(text)).toEqual(value);
  });
});
