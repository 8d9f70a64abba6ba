import { randomUUID } from 'node:crypto';
import { fresh, noted, revisions, type Peer, type Proposed } from './peer';

const SCRIPTS = [
  ['Cyrillic', 'ключ-Ж'],
  ['Greek and accents', 'Ωμέγα é à ñ ö'],
  ['Chinese, Japanese, Korean', '数据-データ-데이터'],
  ['Arabic and Hebrew', 'بيانات-נתונים'],
  ['Devanagari and Thai', 'डेटा-ข้อมูล'],
  ['emoji of several code points', '👩🏽‍🚀-🏳️‍🌈-🇺🇳'],
  ['composed and decomposed letters', 'é-e\u0301'],
  ['what has a meaning elsewhere', `a b%20%c3"'\\/?#&=@$<>{}[]|;:,.~!*()`],
  ['a line break and a tab', 'one\ntwo\tthree'],
  ['the largest code points', '\u{10ffff}\uffff\u{1f600}'],
] as const;

/** Names and contents of any kind. */
export function carrying(peer: () => Peer): void {
  it.each(SCRIPTS)('keeps names, types and data in %s', async (_, text) => {
    const stream = `${fresh()}-${text}`;
    const event: Proposed = { id: randomUUID(), type: text, data: { [text]: text }, metadata: { [text]: [text] } };
    await peer().append(stream, [event]);
    await peer().setMetadata(stream, { maxCount: 5, [text]: text });
    const { id, type, data, metadata } = event;
    const [read] = await peer().read(stream);
    expect(read?.event).toMatchObject({ stream, id, type, data, metadata });
    expect(await peer().getMetadata(stream)).toEqual({ maxCount: 5, [text]: text });
    const refused = peer().append(stream, [noted(1)], { expected: 9n });
    await expect(refused).rejects.toMatchObject({ type: 'wrong-expected-version', stream });
    const missing = `missing-${stream}`;
    await expect(peer().read(missing)).rejects.toMatchObject({ type: 'stream-not-found', stream: missing });
  });

  it('refuses, but cannot say why where it would have to name a stream in trailers, which are ASCII', async () => {
    const stream = `${fresh()}-ключ 数 🚀`;
    // One of the clients takes HTTP 500 for a server that is not available.
    const type = expect.stringMatching(/^(?:unknown|unavailable)$/) as string;
    await expect(peer().remove('delete', stream)).rejects.toMatchObject({ type });
    await peer().remove('tombstone', stream);
    await expect(peer().read(stream)).rejects.toMatchObject({ type });
  });

  it('tells names apart that only look alike', async () => {
    const base = fresh();
    const streams = [`${base}-é`, `${base}-e\u0301`, `${base}-É`, `${base} `, base];
    for (const [n, stream] of streams.entries()) await peer().append(stream, [noted(n)], { expected: 'no_stream' });
    for (const [n, stream] of streams.entries()) {
      expect((await peer().read(stream)).map(({ event }) => event?.data)).toEqual([{ n }]);
    }
  });

  it('keeps JSON, bytes and metadata of either kind apart', async () => {
    const stream = fresh();
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, n) => n));
    const deep = { list: [1, null, { deep: '\u0000"\\' }], flag: false, large: 2 ** 53 - 1, small: 1e-7 };
    const events: readonly Proposed[] = [
      { id: randomUUID(), type: 'json', data: deep, metadata: { who: 'me' } },
      { id: randomUUID(), type: 'json', data: 'a string', metadata: bytes },
      { id: randomUUID(), type: 'bytes', data: bytes, metadata: { who: 'me' } },
      { id: randomUUID(), type: 'bytes', data: bytes, metadata: bytes },
      { id: randomUUID(), type: 'bytes', data: Buffer.alloc(0) },
    ];
    await peer().append(stream, events);
    const read = await peer().read(stream);
    expect(read.map(({ event }) => [event?.json, event?.type])).toEqual([
      [true, 'json'],
      [true, 'json'],
      [false, 'bytes'],
      [false, 'bytes'],
      [false, 'bytes'],
    ]);
    expect(read.slice(0, 4).map(({ event }) => event?.data)).toEqual(events.slice(0, 4).map(({ data }) => data));
    expect(read.slice(0, 4).map(({ event }) => event?.metadata)).toEqual(
      events.slice(0, 4).map(({ metadata }) => metadata),
    );
  });

  it('takes a long name', async () => {
    const stream = `${fresh()}-${'n'.repeat(900)}`;
    await peer().append(stream, [{ ...noted(1), type: 't'.repeat(900) }]);
    expect(revisions(await peer().read(stream))).toEqual([0n]);
  });
}
