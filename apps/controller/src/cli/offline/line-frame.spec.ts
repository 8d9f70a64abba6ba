import fc from 'fast-check';
import { parsedLine } from './exported-line';
import { frame, PART, ROW } from './line-frame';
import { PieceReader } from './piece';

const LINK = 'ab'.repeat(32);

const place = {
  stream: 'thing-ü',
  revision: '7',
  position: '12345678901234567890',
  id: 'id-1',
  type: 'thing.noted.v1',
  created: '2026-01-01T00:00:00.000Z',
};

function readerOf(line: string): PieceReader {
  const bytes = Uint8Array.from(Buffer.from(`before\n${line}\nbehind`));
  const spans = new Int32Array(ROW);
  frame(bytes, 7, bytes.length - 7, spans);
  return new PieceReader({ bytes, spans, lines: 1 });
}

/** As `cairn log export` writes it. */
const lineOf = (json: unknown, metadata: unknown, more: object = {}): string =>
  JSON.stringify({ ...place, ...more, json, metadata });

/** All that an event says, also where its parts are made when they are asked for. */
const said = (event: ReturnType<typeof parsedLine>): unknown =>
  event === undefined
    ? undefined
    : (({ id, type, stream, revision, position, created, data, metadata }) => ({
        ...{ id, type, stream, revision, position, created, data, metadata },
      }))(event);

describe('a framed line', () => {
  const anyObject = fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ stringUnit: 'binary' }));

  it('agrees with a JSON parser, for any data and metadata', () => {
    const anything = fc.property(anyObject, anyObject, (json, metadata) => {
      const line = lineOf(json, metadata);
      const reader = readerOf(line);
      expect(reader.isFramed(0)).toBe(true);
      expect(said(reader.event(0))).toEqual(said(parsedLine(line)));
    });
    fc.assert(anything);
  });

  it('is not led astray by what looks like its parts', () => {
    const line = lineOf(
      { a: '","metadata":{', metadata: { b: '}}', json: [{ x: '\\' }, ']'] } },
      { json: {}, metadata: {} },
    );
    const reader = readerOf(line);
    expect(reader.isFramed(0)).toBe(true);
    expect(said(reader.event(0))).toEqual(said(parsedLine(line)));
  });

  it.each([
    ['has no escapes in a text', lineOf({}, {}, { type: 'a"b' })],
    ['has no other fields', lineOf({}, {}, { more: 1 })],
    ['has data', JSON.stringify({ ...place, base64: 'AA==', metadata: {} })],
    ['has metadata', JSON.stringify({ ...place, json: {} })],
    ['has data that are an object', lineOf([], {})],
    ['has metadata that are an object', lineOf({}, 'x')],
    ['has a number as its position', lineOf({}, {}, { position: 'x' })],
    ['has a position', lineOf({}, {}, { position: '' })],
    ['has nothing behind its metadata', lineOf({}, {}).replace(/\}$/, ',"id":"other"}')],
    ['ends with its metadata', `${lineOf({}, {})}}`],
    ['is whole', lineOf({}, { a: 'b' }).slice(0, -4)],
    ['is no JSON at all', 'x'],
  ])('%s; any other has to be parsed', (_what, line) => {
    const reader = readerOf(line);
    expect(reader.isFramed(0)).toBe(false);
    expect(said(reader.event(0))).toEqual(said(parsedLine(line)));
  });
});

describe('the link in a framed line', () => {
  const linkIn = (metadata: string): string => {
    const reader = readerOf(lineOf({}, {}).replace('"metadata":{}', `"metadata":${metadata}`));
    return reader.text(0, PART.link);
  };

  it.each([
    [`{"at":"now","streamHash":"${LINK}"}`, `,"streamHash":"${LINK}"`],
    [`{"streamHash":"${LINK}"}`, `"streamHash":"${LINK}"`],
    [`{"a":{"streamHash":"${LINK}"}}`, ''],
    [`{"a":{"streamHash":"${LINK}"},"b":{}}`, ''],
    [`{"streamHash":"${LINK}","z":1}`, ''],
    [`{"at":"now","streamHash":"${LINK.slice(1)}"}`, ''],
    [`{"at":"now","streamHash":"${LINK.slice(1)}\\""}`, ''],
    [`{"at":"now","myStreamHash":"${LINK}"}`, ''],
    [`{}`, ''],
  ])('of %s is the last member: %s', (metadata, expected) => {
    expect(linkIn(metadata)).toBe(expected);
  });
});
