import { canonicalJson } from '@cairn/json';

import { linkOf, streamHash } from './stream-hash';

describe('canonicalJson', () => {
  it('does not depend on the order in which fields were set', () => {
    expect(canonicalJson({ b: [1, { d: null, c: 'x' }], a: true })).toBe('{"a":true,"b":[1,{"c":"x","d":null}]}');
  });

  it('sorts keys as text, also those that look like numbers', () => {
    expect(canonicalJson({ 10: 'a', 9: 'b' })).toBe('{"10":"a","9":"b"}');
  });

  it('says the same before and after a value went through JSON', () => {
    const value = { gone: undefined, list: [undefined, 1], at: new Date(0), deep: { n: 1.5e-7, s: 'é"\n' } };
    expect(canonicalJson(JSON.parse(JSON.stringify(value)))).toBe(canonicalJson(value));
  });
});

describe('streamHash', () => {
  const event = { id: 'e1', type: 'a.b.v1', data: { x: 1, y: 2 }, metadata: { actor: 'ann' } };

  it('is the SHA-256 of the previous link and the canonical event, as anyone can compute it', () => {
    // printf '{"data":{"x":1,"y":2},"id":"e1","metadata":{"actor":"ann"},"type":"a.b.v1"}' | sha256sum
    expect(streamHash('', event)).toBe('c72a6e4b82d31901e407aad2b0a1f7ba64646fb26ff2130507d5a79e4273763d');
  });

  it.each([
    ['id', { ...event, id: 'e2' }],
    ['type', { ...event, type: 'a.b.v2' }],
    ['data', { ...event, data: { x: 1, y: 3 } }],
    ['metadata', { ...event, metadata: { actor: 'eve' } }],
  ])('changes with the %s', (_what, other) => {
    expect(streamHash('', other)).not.toBe(streamHash('', event));
  });

  it('does not cover the link that the event itself carries', () => {
    const linked = { ...event, metadata: { ...event.metadata, streamHash: 'ab' } };
    expect(streamHash('', linked)).toBe(streamHash('', event));
  });

  it('changes with all that was before', () => {
    expect(streamHash(streamHash('', event), event)).not.toBe(streamHash('', event));
  });
});

it('linkOf is empty for an event without a chain', () => {
  expect([linkOf(undefined), linkOf({ metadata: {} }), linkOf({ metadata: { streamHash: 'ab' } })]).toEqual([
    '',
    '',
    'ab',
  ]);
});
