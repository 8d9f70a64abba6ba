import fc from 'fast-check';
import type { GivenArgs, Operation } from '../conversation';

export type GivenStep = readonly [Operation, GivenArgs];

const STREAMS = ['~-a', '~-b'];
const ids = fc.option(fc.constantFrom('a', 'b', 'c', 'd'), { nil: undefined });
const stream = fc.constantFrom(...STREAMS);
const withMetastreams = fc.constantFrom(
  ...STREAMS,
  ...STREAMS,
  ...STREAMS.map((name) => `$$${name}`),
  `$$$$${STREAMS[0] ?? ''}`,
);
const expected = fc.oneof(
  { weight: 5, arbitrary: fc.constant('any') },
  { weight: 3, arbitrary: fc.constantFrom('no_stream', 'stream_exists') },
  { weight: 3, arbitrary: fc.nat({ max: 6 }) },
);

const link = fc.record({
  type: fc.constant('$>'),
  json: fc.constant(false),
  data: fc
    .tuple(
      fc.constantFrom(...['0', '1', '2', '5', '-1', '+1', ' 3 ', '007', '-2', '0x1', '1e0', '1.0', '', 'x']),
      fc.constantFrom('@~-a', '@~-b', '@$$~-a', '@~-links', '@', '', '@~-never', '@~-a@1'),
    )
    .map((parts) => parts.join('')),
});

/** Metadata of right and of wrong types. */
export const document = fc.oneof(
  fc
    .record(
      {
        $maxCount: fc.constantFrom<unknown>(1, 2, 3, 0, -1, '2', null, 2.5, true),
        $tb: fc.constantFrom<unknown>(0, 1, 2, 4, 9, -1, '1', null, [], 1.5),
        $acl: fc.constantFrom<unknown>({ $r: ['x'] }, { $r: 1 }, { x: 'y' }, 'x', null),
        $tmp: fc.constantFrom<unknown>(true, 'x'),
        $cacheControl: fc.constantFrom<unknown>(5, 'x'),
        own: fc.constantFrom<unknown>(1, 'x', { $tb: 3 }, [1, { $maxCount: 1 }]),
      },
      { requiredKeys: [] },
    )
    .map((fields) => JSON.stringify(fields)),
  fc.constantFrom(...['[]', '', 'nonsense', '"x"', '{"$tb":2.0}', '{"$maxCount":2e0}', '{"$tb":1,"$tb":3}']),
  fc
    .constantFrom('9223372036854775807', '9223372036854775806', '9223372036854775808', '9007199254740991')
    .map((digits) => `{"$tb":${digits},"own":"x"}`),
);

const event = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record(
      { id: ids, type: fc.constantFrom('T', 'T', 'U', '$x', '$streamDeleted') },
      { requiredKeys: [] },
    ),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('$metadata'), data: document, json: fc.boolean() }) },
);

const api = fc.constantFrom('batch' as const, 'batch' as const, 'classic' as const);

const append = fc
  .record({ stream: withMetastreams, expected, events: fc.array(event, { maxLength: 4 }), api })
  .map((args): GivenStep => ['append', args]);
const appendLinks = fc
  .record({ stream: fc.constant('~-links'), events: fc.array(link, { minLength: 1, maxLength: 3 }) })
  .map((args): GivenStep => ['append', args]);
const setMetadata = fc
  .record({ stream, metadata: document, expected: fc.constant('any') })
  .map((args): GivenStep => ['setMetadata', args]);
const remove = fc
  .tuple(
    fc.constantFrom('delete' as const, 'delete' as const, 'delete' as const, 'tombstone' as const),
    withMetastreams,
    expected,
  )
  .map(([operation, name, wanted]): GivenStep => [operation, { stream: name, expected: wanted }]);
const read = fc
  .record({
    stream: fc.oneof(withMetastreams, fc.constant('~-links')),
    direction: fc.constantFrom('forwards' as const, 'backwards' as const),
    count: fc.constantFrom(1, 2, 1_000),
    from: fc.nat({ max: 8 }),
    resolve: fc.boolean(),
  })
  .map((args): GivenStep => ['read', args]);
const getMetadata = stream.map((name): GivenStep => ['getMetadata', { stream: name }]);

/** Follows `$all` through a filter, from the beginning or from now on. */
const filtered = fc
  .record({
    from: fc.constantFrom('beginning', 'beginning', 'end'),
    resolve: fc.boolean(),
    filter: fc.record({
      on: fc.constantFrom('stream' as const, 'type' as const),
      prefixes: fc.constantFrom('~-a', '$', 'T ~-b', 'nothing', '').map((words) => words.split(' ')),
      window: fc.constantFrom<number | 'count'>(1, 2, 3, 5, 'count'),
      interval: fc.constantFrom(1, 1, 2, 3),
    }),
  })
  .map((args): GivenStep => ['subscribe', { name: 'filtered', all: true, ...args }]);

/** Writes, deletions, undeletions and reads in any order, between two subscriptions that follow from the start. */
export const history = fc
  .tuple(
    fc.array(fc.oneof(append, append, setMetadata, remove, appendLinks), { maxLength: 4 }),
    filtered,
    fc.array(fc.oneof(append, append, append, setMetadata, remove, appendLinks, read, read, getMetadata), {
      maxLength: 14,
    }),
  )
  .map(([past, follow, present]): readonly GivenStep[] => [
    ...past,
    ['subscribe', { name: 'a', stream: '~-a', from: 'start' }],
    ['subscribe', { name: 'links', stream: '~-links', from: 'start', resolve: true }],
    ['subscribe', { name: 'metadata', stream: '$$~-a', from: 'end' }],
    ['subscribe', { name: 'all', all: true, from: 'beginning', resolve: true }],
    follow,
    ...present,
    ...['a', 'links', 'metadata', 'all', 'filtered'].map((name): GivenStep => ['observe', { name }]),
    ['readAll', { from: 'beginning', resolve: true }],
    ['readAll', { from: 'end', direction: 'backwards', count: 5 }],
  ]);
