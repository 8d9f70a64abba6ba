import { canonicalJson } from '@cairn/json';
import { linkOf, type NewEvent, streamHash } from '@cairn/event-store';
import fc from 'fast-check';
import { LineChain } from './line-chain';
import { frame, ROW } from './line-frame';
import { LineLinks, linkOfLine } from './line-link';
import { type Piece, PieceReader } from './piece';

interface Written {
  readonly stream: string;
  readonly event: NewEvent;
}

type Write = (value: unknown) => string;

function pieceOf(lines: readonly string[]): Piece {
  const bytes = Uint8Array.from(Buffer.from(lines.map((line) => `${line}\n`).join('')));
  const spans = new Int32Array(ROW * lines.length);
  let from = 0;
  lines.forEach((line, n) => {
    const to = from + Buffer.byteLength(line);
    frame(bytes, from, to, spans.subarray(n * ROW, (n + 1) * ROW));
    from = to + 1;
  });
  return { bytes, spans, lines: lines.length };
}

/** Chains events as their writers do. */
function chained(bare: readonly Written[]): readonly Written[] {
  const links = new Map<string, string>();
  return bare.map(({ stream, event }) => {
    const link = streamHash(links.get(stream) ?? '', event);
    links.set(stream, link);
    return { stream, event: { ...event, metadata: { ...event.metadata, streamHash: link } } };
  });
}

function exported({ stream, event: { id, type, data, metadata } }: Written, n: number, write: Write): string {
  const place = { stream, revision: '0', position: String(n + 1), id, type, created: '2026-01-01T00:00:00.000Z' };
  return `${JSON.stringify(place).slice(0, -1)},"json":${write(data)},"metadata":${write(metadata)}}`;
}

const refusal = (lines: readonly string[]): string | undefined => {
  try {
    new LineChain().check(pieceOf(lines));
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
};

/** Keys that sort in front of `streamHash`, and others. */
const anyObject = fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ stringUnit: 'binary' }));
const anyEvent = fc.record({
  stream: fc.constantFrom('thing-1', 'thing-2', 'thing-3'),
  event: fc.record({ id: fc.uuid(), type: fc.constantFrom('a.b.v1', 'ä.b.v2'), data: anyObject, metadata: anyObject }),
});
const anyLog = fc.array(anyEvent, { minLength: 1, maxLength: 12 }).map(chained);

describe('the chains of an export', () => {
  it.each([
    ['canonical JSON', canonicalJson],
    ['the order in which the writers set their fields, as exports had it before', JSON.stringify],
  ])('hold in %s', (_what, write) => {
    fc.assert(
      fc.property(anyLog, (log) => {
        expect(refusal(log.map((each, n) => exported(each, n, write)))).toBeUndefined();
      }),
    );
  });

  const log = chained([
    { stream: 'thing-1', event: { id: 'e1', type: 'a.b.v1', data: { a: 1 }, metadata: { at: 'now' } } },
    {
      stream: 'thing-1',
      event: {
        id: 'e2',
        type: 'a.b.v1',
        data: { spec: { a: 1, id: 'x', metadata: { k: 'ü' } }, z: [1, 2] },
        metadata: { at: 'now', actor: { n: 1 } },
      },
    },
    { stream: 'thing-1', event: { id: 'e3', type: 'a.b.v1', data: {}, metadata: {} } },
  ]);
  const lines = log.map((each, n) => exported(each, n, canonicalJson));
  const changed = (n: number, from: string, to: string): readonly string[] =>
    lines.map((line, i) => (i === n ? line.replace(from, to) : line));

  it.each([
    ['the id', changed(1, '"id":"e2"', '"id":"e9"')],
    ['the type', changed(1, 'a.b.v1', 'a.b.v2')],
    ['the data', changed(1, '"z":[1,2]', '"z":[1,3]')],
    ['the metadata', changed(1, '"n":1', '"n":2')],
    ['the link', changed(1, '"streamHash":"', '"streamHash":"0').map((line) => line.replace(/.("\}\}$)/, '$1'))],
    ['the stream', changed(1, 'thing-1', 'thing-2')],
    ['a field that comes twice', changed(1, '"z":[1,2]', '"z":[1,2],"z":[1]')],
    ['a link inside another field', changed(1, '"n":1', `"n":1,"streamHash":"${'a'.repeat(64)}"`)],
  ])('are broken at the first event with a change of %s', (_what, forged) => {
    expect(refusal(forged)).toMatch(/^thing-[12], revision 0: its hash does not follow from the event before$/);
  });

  it('are broken where the same bytes are cut into other parts', () => {
    // Hashed in the same order this is the same text: only where data and metadata end tells it from what was written.
    const { id, metadata } = (log[1] as Written).event;
    const link = linkOf({ metadata });
    const rest = canonicalJson({ at: 'now', actor: { n: 1 } });
    const cut =
      '{"stream":"thing-1","revision":"0","position":"2","id":"x","type":"a.b.v1","created":"2026-01-01T00:00:00.000Z",' +
      `"json":{"spec":{"a":1,"metadata":{"k":"ü"}},"z":[1,2]},"id":"${id}","metadata":${rest.slice(0, -1)},"streamHash":"${link}"}}`;
    expect(refusal([lines[0] as string, cut, lines[2] as string])).toMatch(/^thing-1, revision 0: /);
  });

  it('are broken where an event is missing, comes twice or carries no link', () => {
    expect(refusal([lines[0] as string, lines[2] as string])).toMatch(/does not follow/);
    expect(refusal([lines[0] as string, lines[0] as string])).toMatch(/^position 1 comes after 1$/);
    expect(
      refusal([
        exported({ stream: 'thing-1', event: { ...(log[2] as Written).event, metadata: {} } }, 1, canonicalJson),
      ]),
    ).toBe('thing-1, revision 0: it has no hash');
  });

  it('are not looked for in streams that have none, nor in the events of the server', () => {
    const bare = { id: 'e', type: 'a.b.v1', data: {}, metadata: {} };
    expect(refusal([exported({ stream: 'relay-1', event: bare }, 1, canonicalJson)])).toBeUndefined();
    const own = { stream: '$$thing-1', event: { ...bare, type: '$metadata' } };
    expect(refusal([exported(own, 1, canonicalJson)])).toBeUndefined();
  });

  it.each(['{', '{"stream":"thing-1"}', (lines[1] as string).replace('"z":[1,2]', '"z":[1 2]')])(
    'end at a line that is no event: %s',
    (line) => {
      expect(refusal([lines[0] as string, line])).toBe('line 2 is no exported event with a position');
    },
  );

  it('break with whatever byte of an event is changed, or it says the same', () => {
    const said = (line: string): unknown => {
      const { id, type, data, metadata } = new PieceReader(pieceOf([line])).event(0) as NewEvent;
      return { id, type, data, metadata };
    };
    const line = Buffer.from(lines[1] as string);
    const covered = (at: number): boolean =>
      at >= line.indexOf('"id"') && !(at >= line.indexOf(',"created') && at < line.indexOf(',"json'));
    for (let at = 0; at < line.length; at += 1) {
      if (!covered(at)) continue;
      for (const byte of Buffer.from('"\\{}[],:0a ')) {
        const forged = Buffer.from(line);
        forged[at] = byte;
        const text = forged.toString();
        if (refusal([lines[0] as string, text]) === undefined) expect(said(text)).toEqual(said(lines[1] as string));
      }
    }
  });
});

describe('the link of a line', () => {
  /** Keys whose order as JSON's bytes is that by UTF-16 units: without escapes, as all of Cairn's. */
  const unit = fc.constantFrom(...Array.from(' !#$-_09aAzZ~ü€'));
  const plainObject = fc.dictionary(fc.string({ unit }), fc.jsonValue({ stringUnit: unit }));
  const plainEvent = fc.record({
    id: fc.uuid(),
    type: fc.constant('ä.b.v2'),
    data: plainObject,
    metadata: plainObject,
  });

  it('is made of its bytes alone where metadata are canonical and data in whatever order', () => {
    const previous = 'cd'.repeat(32);
    const links = new LineLinks();
    fc.assert(
      fc.property(fc.constantFrom('', previous), plainEvent, (before, event) => {
        const link = streamHash(before, event);
        const said = { ...event, metadata: { streamHash: link } };
        const line = exported({ stream: 'thing-1', event: said }, 1, JSON.stringify);
        const whole = line.replace(/"metadata":.*$/s, () => {
          const members = canonicalJson(event.metadata).slice(0, -1);
          return `"metadata":${members}${members === '{' ? '' : ','}"streamHash":"${link}"}}`;
        });
        const reader = new PieceReader(pieceOf([whole]));
        expect(linkOfLine(reader, 0)).toBe(link);
        expect(links.next(before, reader, 0)).toBe(link);
      }),
    );
  });

  it('is made of lines of any length', () => {
    const event = { id: 'e', type: 'a.b.v1', data: { text: 'ü'.repeat(100_000) }, metadata: {} };
    const [line] = chained([{ stream: 'thing-1', event }]).map((each) => exported(each, 1, canonicalJson));
    const reader = new PieceReader(pieceOf([line as string]));
    expect(new LineLinks().next('', reader, 0)).toBe(streamHash('', event));
  });
});
