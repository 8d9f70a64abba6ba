import { randomUUID } from 'node:crypto';
import { fresh, noted, notedUpTo, revisions, upTo, type Expected, type Peer, type Place, type Proposed } from './peer';

const CLASSIC_OR_BATCH = [
  ['BatchAppend', false],
  ['Append', true],
] as const;

/** Methods Append and BatchAppend. */
export function appending(peer: () => Peer): void {
  describe.each(CLASSIC_OR_BATCH)('by %s', (_, classic) => {
    const append = (stream: string, events: readonly Proposed[], expected: Expected = 'any'): Promise<Place> =>
      peer().append(stream, events, { expected, classic });

    it('answers with the last revision and its position', async () => {
      const stream = fresh();
      const first = await append(stream, notedUpTo(3), 'no_stream');
      const second = await append(stream, [noted(3)], 2n);
      expect([first.revision, second.revision]).toEqual([2n, 3n]);
      expect((second.position ?? 0n) > (first.position ?? 0n)).toBe(true);
      expect(revisions(await peer().read(stream))).toEqual(upTo(4));
    });

    it.each(['no_stream', 1n, 9n] as const)(
      'refuses %s where the stream is at 2, with both versions',
      async (expected) => {
        const stream = fresh();
        await append(stream, notedUpTo(3));
        const refused = append(stream, [noted(9)], expected);
        await expect(refused).rejects.toMatchObject({ type: 'wrong-expected-version', stream, expected, actual: 2n });
      },
    );

    it.each(['stream_exists', 0n] as const)('refuses %s where there is no stream', async (expected) => {
      const stream = fresh();
      const refused = append(stream, [noted(9)], expected);
      const both = { expected, actual: 'no_stream' };
      await expect(refused).rejects.toMatchObject({ type: 'wrong-expected-version', stream, ...both });
    });

    it('takes stream_exists where there is metadata', async () => {
      const stream = fresh();
      await peer().setMetadata(stream, { maxCount: 10 });
      expect(await append(stream, [noted(1)], 'stream_exists')).toMatchObject({ revision: 0n });
    });

    it.each(['any', 'no_stream', 'stream_exists', 1n] as const)(
      'answers a repeat with %s with the original place and writes nothing',
      async (expected) => {
        const stream = fresh();
        if (expected === 'stream_exists') await peer().setMetadata(stream, { maxCount: 100 });
        if (expected === 1n) await append(stream, notedUpTo(2));
        const events = notedUpTo(3);
        const first = await append(stream, events, expected);
        await append(stream, [noted(9)], first.revision);
        expect(await append(stream, events, expected)).toEqual(first);
        expect(await peer().read(stream)).toHaveLength(Number(first.revision) + 2);
      },
    );

    it.each(['any', 'no_stream'] as const)('refuses a repeat with %s that goes on differently', async (expected) => {
      const stream = fresh();
      const [one, two] = [noted(1), noted(2)];
      await append(stream, [one, two]);
      await expect(append(stream, [one, noted(3)], expected)).rejects.toMatchObject({ type: 'wrong-expected-version' });
      expect(await peer().read(stream)).toHaveLength(2);
    });

    it('takes an id a second time behind the exact revision', async () => {
      const stream = fresh();
      const event = noted(1);
      await append(stream, [event], 'no_stream');
      expect(await append(stream, [event], 0n)).toMatchObject({ revision: 1n });
    });

    it('takes an append without events and writes nothing', async () => {
      const stream = fresh();
      const before = await append(fresh(), [noted(1)]);
      const { position } = await append(stream, []);
      await expect(peer().read(stream)).rejects.toMatchObject({ type: 'stream-not-found' });
      const after = await append(fresh(), [noted(1)]);
      const places = [before.position, position, after.position];
      expect(places).toEqual([...places].sort((a = 0n, b = 0n) => (a < b ? -1 : 1)));
      expect(new Set(places).size).toBe(3);
    });

    it('takes exactly as much as it says it takes', async () => {
      const stream = fresh();
      const event = (bytes: number): Proposed => ({ id: randomUUID(), type: 'big', data: Buffer.alloc(bytes, 7) });
      const refusal: unknown = await append(stream, [event(2 ** 23)]).catch((error: unknown) => error);
      expect(refusal).toMatchObject({ type: 'maximum-append-size-exceeded' });
      const limit = (refusal as { readonly maxAppendSize: number }).maxAppendSize;
      const half = Math.floor(limit / 2);
      expect(await append(stream, [event(limit - 2 * 'big'.length)])).toMatchObject({ revision: 0n });
      expect(await append(stream, [event(half - 10), event(half - 10)])).toMatchObject({ revision: 2n });
      for (const events of [[event(limit + 1)], [event(half), event(half), event(half)]]) {
        await expect(append(stream, events)).rejects.toMatchObject({ type: 'maximum-append-size-exceeded' });
      }
      const [largest] = await peer().read(stream, { count: 1 });
      expect((largest?.event?.data as Buffer).equals(Buffer.alloc(limit - 6, 7))).toBe(true);
    });

    it('gives a revision to exactly one of many writers', async () => {
      const stream = fresh();
      const writers = Array.from({ length: 20 }, (_, n) => append(stream, [noted(n)], 'no_stream'));
      const outcomes = await Promise.allSettled(writers);
      expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1);
      expect(await peer().read(stream)).toHaveLength(1);
    });
  });

  it('keeps an append in many chunks together', async () => {
    const streams = Array.from({ length: 5 }, () => fresh());
    const events = (): readonly Proposed[] =>
      Array.from({ length: 50 }, (_, n) => ({ id: randomUUID(), type: 't', data: { n, text: 'x'.repeat(2_000) } }));
    const places = await Promise.all(streams.map((stream) => peer().append(stream, events(), { chunk: 5_000 })));
    expect(places.map(({ revision }) => revision)).toEqual(Array.from({ length: 5 }, () => 49n));
    for (const stream of streams) {
      const positions = (await peer().read(stream)).map(({ event }) => event?.position ?? 0n);
      const between = await peer().readAll({ from: positions[0] ?? 0n, count: 50 });
      expect(between.map(({ event }) => event?.stream)).toEqual(Array.from({ length: 50 }, () => stream));
    }
  });

  it('takes hundreds of appends at once', async () => {
    const streams = Array.from({ length: 300 }, () => fresh());
    const places = await Promise.all(streams.map((stream) => peer().append(stream, [noted(1)])));
    expect(new Set(places.map(({ position }) => position)).size).toBe(300);
  });
}
