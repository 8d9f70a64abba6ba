/** Why the embedded store deliberately answers otherwise than EventStoreDB 24.10.4; each is a row of docs/event-store.md. */
export type Reason =
  | 'no position for an append of nothing'
  | 'says what is wrong with a request'
  | 'a tombstone buries the metadata at once'
  | 'a large $maxAge is none'
  | 'names are UTF-8 of at most 4,096 bytes'
  | 'a type ends no subscription'
  | 'any position can be read from'
  | 'no streams in memory'
  | 'checkpoints cover what was looked at'
  | 'names in trailers are percent-encoded';

/** The recorded conversations that differ: by kind, name and reason. All others must agree in every step. */
export const DIFFERENCES: readonly (readonly [kind: string, name: string, reason: Reason])[] = [
  ...['to a stream never written', 'to a stream only metadata', 'to a stream soft-deleted'].map(
    (name) => ['append of nothing', name, 'no position for an append of nothing'] as const,
  ),
  ['subscription, stream', 'an append of nothing is nothing', 'no position for an append of nothing'],
  ['events', 'an empty type', 'says what is wrong with a request'],
  ['events', 'no id', 'says what is wrong with a request'],
  ['odd requests', 'expected revision 18446744073709551612', 'says what is wrong with a request'],
  ['odd requests', 'expected revision 9223372036854775808', 'says what is wrong with a request'],
  ['odd requests', 'no stream', 'says what is wrong with a request'],
  ['odd requests', 'no start said', 'says what is wrong with a request'],
  ['names', 'the empty name', 'says what is wrong with a request'],
  ['$all, filtered', 'an invalid pattern', 'says what is wrong with a request'],
  ['subscription, $all filtered', 'interval 0', 'says what is wrong with a request'],
  [
    'metadata after a tombstone',
    'of a stream whose metadata was just written',
    'a tombstone buries the metadata at once',
  ],
  ['metadata document', '"{\\"$tb\\":1,\\"$maxAge\\":922337203685}"', 'a large $maxAge is none'],
  ['names', 'a name that is not UTF-8', 'names are UTF-8 of at most 4,096 bytes'],
  [
    'names that break trailers',
    'errors about names that are not ASCII, classic',
    'names in trailers are percent-encoded',
  ],
  ['names', 'an in-memory stream', 'no streams in memory'],
  ['subscription, stream', 'an event of the type $streamDeleted in the past', 'a type ends no subscription'],
  ['subscription, stream', 'an event of the type $streamDeleted', 'a type ends no subscription'],
  ['$all', 'positions far beyond', 'any position can be read from'],
  ['subscription, $all', 'from between two events', 'any position can be read from'],
  ...[
    'behind, window 1, interval 1',
    'behind, window 3, interval 1',
    'behind, window 3, interval 2',
    'default window',
    'from an event',
    'nothing matches, behind and live',
    'on types, system events among them',
  ].map((name) => ['subscription, $all filtered', name, 'checkpoints cover what was looked at'] as const),
];
