import { randomUUID } from 'node:crypto';
import { fresh, notedUpTo, noted, revisions, upTo, type Peer, type Proposed, type ReadOptions } from './peer';

const link = (text: string): Proposed => ({ id: randomUUID(), type: '$>', data: Buffer.from(text) });

/** Method Read, of a stream. */
export function reading(peer: () => Peer): void {
  it.each<[string, ReadOptions, readonly bigint[]]>([
    ['all', {}, [0n, 1n, 2n, 3n]],
    ['from a revision on', { from: 2n }, [2n, 3n]],
    ['some from a revision on', { from: 1n, count: 2 }, [1n, 2n]],
    ['beyond the end', { from: 9n }, []],
    ['from the largest revision on', { from: 2n ** 63n - 1n }, []],
    ['all backwards', { backwards: true, from: 'end' }, [3n, 2n, 1n, 0n]],
    ['the last', { backwards: true, from: 'end', count: 1 }, [3n]],
    ['backwards from a revision', { backwards: true, from: 1n }, [1n, 0n]],
    ['backwards from beyond the end', { backwards: true, from: 9n, count: 2 }, [3n, 2n]],
    ['backwards from the largest revision', { backwards: true, from: 2n ** 64n - 1n, count: 1 }, [3n]],
  ])('reads %s', async (_, options, expected) => {
    const stream = fresh();
    await peer().append(stream, notedUpTo(4));
    expect(revisions(await peer().read(stream, options))).toEqual(expected);
  });

  it('refuses to read forwards from the end, and reads the first backwards from the start', async () => {
    if (peer().turnsRound) return;
    const stream = fresh();
    await peer().append(stream, notedUpTo(4));
    await expect(peer().read(stream, { from: 'end' })).rejects.toThrow(/ReadStreamResult: Error/);
    expect(revisions(await peer().read(stream, { backwards: true, from: 'start' }))).toEqual([0n]);
    expect(await peer().readAll({ from: 'end' })).toEqual([]);
    expect(await peer().readAll({ backwards: true, from: 'start' })).toEqual([]);
  });

  it('says that a stream is missing', async () => {
    const stream = fresh();
    await expect(peer().read(stream)).rejects.toMatchObject({ type: 'stream-not-found', stream });
  });

  it('reads more than a page, of small and of large events', async () => {
    const stream = fresh();
    const text = 'x'.repeat(300_000);
    await peer().append(stream, notedUpTo(700));
    const large = (): readonly Proposed[] => [1, 2, 3].map((n) => ({ ...noted(n), data: { n, text } }));
    for (let i = 0; i < 3; i += 1) await peer().append(stream, large());
    expect(revisions(await peer().read(stream))).toEqual(upTo(709));
    const backwards = await peer().read(stream, { backwards: true, from: 'end' });
    expect(revisions(backwards)).toEqual([...upTo(709)].reverse());
  });

  it('follows links, and leaves the event out when it is gone', async () => {
    const [links, target, cut] = [fresh(), fresh(), fresh()];
    await peer().append(target, notedUpTo(2));
    await peer().append(cut, notedUpTo(3));
    await peer().setMetadata(cut, { truncateBefore: 2 });
    const texts = [`1@${target}`, `-1@${target}`, `0@${fresh()}`, `0@${cut}`, `7@${target}`, `1`];
    await peer().append(links, texts.map(link));
    const read = await peer().read(links, { links: true });
    expect(read.map((item) => item.link?.revision)).toEqual(upTo(6));
    expect(read.map((item) => item.event?.stream)).toEqual([target, target, ...Array<undefined>(4)]);
    expect(read[0]?.event).toMatchObject({ revision: 1n, data: { n: 1 } });
    const plain = await peer().read(links);
    expect(plain.map((item) => [item.event?.type, item.link])).toEqual(texts.map(() => ['$>', undefined]));
  });

  it.each(['no link', '0x1@', '1e0@', '1.0@', '9223372036854775808@'])(
    'shows %s as the event that it is: its number cannot be read',
    async (text) => {
      const [links, target] = [fresh(), fresh()];
      await peer().append(target, notedUpTo(2));
      await peer().append(links, [link(`${text}${target}`)]);
      const [read] = await peer().read(links, { links: true });
      expect([read?.event?.stream, read?.link]).toEqual([links, undefined]);
    },
  );
}

/** Method Read, of `$all`. */
export function readingAll(peer: () => Peer): void {
  it('reads both ways from a position: inclusive forwards, exclusive backwards', async () => {
    const stream = fresh();
    const { position = 0n } = await peer().append(stream, notedUpTo(3));
    await peer().append(stream, [noted(3)]);
    const from = (options: ReadOptions): Promise<readonly (bigint | undefined)[]> =>
      peer().readAll(options).then(revisions);
    expect(await from({ from: position, count: 2 })).toEqual([2n, 3n]);
    expect(await from({ from: position, backwards: true, count: 2 })).toEqual([1n, 0n]);
    expect(await from({ from: 'end', backwards: true, count: 1 })).toEqual([3n]);
  });

  it('holds every event once, in the order of positions, with system events among them', async () => {
    await peer().append(fresh(), notedUpTo(3));
    const forwards = await peer().readAll();
    const positions = forwards.map(({ event }) => event?.position ?? -1n);
    expect(positions).toEqual([...new Set(positions)].sort((a, b) => (a < b ? -1 : 1)));
    expect(forwards.some(({ event }) => event?.type.startsWith('$') === true)).toBe(true);
    const last = positions.at(-1) ?? 0n;
    const backwards = await peer().readAll({ backwards: true, from: last, count: positions.length });
    expect(backwards.map(({ event }) => event?.position)).toEqual(positions.slice(0, -1).reverse());
  });

  it('keeps the order of each stream in the order of all', async () => {
    const streams = [fresh(), fresh(), fresh()];
    const { position = 0n } = await peer().append(fresh(), [noted(0)]);
    for (let round = 0; round < 5; round += 1) {
      await Promise.all(streams.map((stream) => peer().append(stream, notedUpTo(2))));
    }
    const all = await peer().readAll({ from: position });
    for (const stream of streams) {
      expect(revisions(all.filter(({ event }) => event?.stream === stream))).toEqual(upTo(10));
    }
  });
}
