import type { ExpectedRevision } from './commands';
import { decide, type StreamView } from './decide';

const A = Buffer.alloc(16, 0xa);
const B = Buffer.alloc(16, 0xb);
const C = Buffer.alloc(16, 0xc);
const NEW = Buffer.alloc(16, 0xf);

/** A stream that holds A, B, C at revisions 0, 1, 2 (positions 10, 20, 30), or only the first of them. */
function stream(length: number, overrides: Partial<StreamView> = {}): StreamView {
  const held = [A, B, C].slice(0, length);
  const at = (index: number): { revision: number; position: number } => ({
    revision: index,
    position: 10 * (index + 1),
  });
  return {
    last: length - 1,
    tombstoned: false,
    softDeleted: false,
    hasMetadata: () => false,
    matches: (revision, id) => (held[revision]?.equals(id) === true ? at(revision) : undefined),
    recent: (id) => {
      const index = held.findIndex((known) => known.equals(id));
      return index < 0 ? undefined : at(index);
    },
    ...overrides,
  };
}

const accept = { kind: 'accept' };
const wrong = { kind: 'wrong-expected-version' };
const deleted = { kind: 'stream-deleted' };
const repeat = (revision: number): object => ({ kind: 'repeat', written: { revision, position: 10 * (revision + 1) } });

type Row = readonly [
  rule: string,
  expected: ExpectedRevision,
  ids: readonly Buffer[],
  view: StreamView,
  decision: object,
];

const gone = { tombstoned: true, last: Number.MAX_SAFE_INTEGER };
const softly = { softDeleted: true };
const forgotten = { recent: () => undefined };

const TABLE: readonly Row[] = [
  ['a tombstoned stream takes nothing', 'any', [NEW], stream(3, gone), deleted],
  ['a tombstoned stream takes no repeat either', 'no-stream', [A], stream(3, gone), deleted],
  ['stream-exists on a soft-deleted stream', 'stream-exists', [NEW], stream(3, softly), deleted],
  ['stream-exists without events and metadata', 'stream-exists', [NEW], stream(0), wrong],
  ['stream-exists with metadata only', 'stream-exists', [NEW], stream(0, { hasMetadata: () => true }), accept],
  ['stream-exists with events', 'stream-exists', [NEW], stream(1), accept],
  ['any on a new stream', 'any', [NEW], stream(0), accept],
  ['any with an id that is not known', 'any', [NEW], stream(3), accept],
  ['any with known ids is a repeat', 'any', [A, B], stream(3), repeat(1)],
  ['any with a new id behind a known one is corrupted', 'any', [A, NEW], stream(3), wrong],
  ['any with a known id behind a new one', 'any', [NEW, A], stream(3), accept],
  ['any with ids that are no longer remembered', 'any', [A, B], stream(3, forgotten), accept],
  ['any on a soft-deleted stream', 'any', [NEW], stream(3, softly), accept],
  ['any without events', 'any', [], stream(3), accept],
  ['stream-exists with known ids is a repeat', 'stream-exists', [C], stream(3), repeat(2)],
  ['no-stream on a new stream', 'no-stream', [NEW], stream(0), accept],
  ['no-stream on a stream that exists', 'no-stream', [NEW], stream(3), wrong],
  ['no-stream repeated', 'no-stream', [A, B], stream(3), repeat(1)],
  ['no-stream repeated, though no longer remembered', 'no-stream', [A, B, C], stream(3, forgotten), repeat(2)],
  ['no-stream repeated with a different end', 'no-stream', [A, NEW], stream(3), wrong],
  ['no-stream repeated with more than was written', 'no-stream', [A, B, C, NEW], stream(3), wrong],
  ['no-stream on a soft-deleted stream starts it again', 'no-stream', [NEW], stream(3, softly), accept],
  ['no-stream on a soft-deleted stream, second id differs', 'no-stream', [A, NEW], stream(3, softly), wrong],
  ['no-stream without events on a stream that exists', 'no-stream', [], stream(3), wrong],
  ['an exact revision that is the last', 2, [NEW], stream(3), accept],
  ['an exact revision that is too high', 3, [NEW], stream(3), wrong],
  ['an exact revision of a stream that is missing', 0, [NEW], stream(0), wrong],
  ['an exact revision that is too low', 1, [NEW], stream(3), wrong],
  ['an exact revision repeated', 0, [B, C], stream(3), repeat(2)],
  ['an exact revision repeated in part', 0, [B], stream(3), repeat(1)],
  ['an exact revision with ids of another place', 0, [C, B], stream(3), wrong],
  ['a known id behind the last revision is written again', 2, [A], stream(3), accept],
  ['an exact revision too low on a soft-deleted stream', 0, [NEW], stream(3, softly), wrong],
  ['the last revision of a soft-deleted stream', 2, [NEW], stream(3, softly), accept],
  ['an exact revision without events', 0, [], stream(3), wrong],
];

describe('decide', () => {
  it.each(TABLE)('%s', (_rule, expected, ids, view, decision) => {
    expect(decide(expected, ids, view)).toEqual(decision);
  });
});
