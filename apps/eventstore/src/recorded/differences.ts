/** Why the embedded store deliberately answers otherwise than EventStoreDB 24.10.4; each is a row of docs/event-store.md. */
export type Reason = 'a tombstone buries the metadata at once';

/** The recorded conversations that differ: by kind, name and reason. All others must agree in every step. */
export const DIFFERENCES: readonly (readonly [kind: string, name: string, reason: Reason])[] = [
  [
    'metadata after a tombstone',
    'of a stream whose metadata was just written',
    'a tombstone buries the metadata at once',
  ],
];
