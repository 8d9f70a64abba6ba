import { DELETED_TRUNCATE_BEFORE } from './events';
import { KEEP_ALL, recreatedDocument, retentionOf } from './stream-metadata';

const of = (text: string, json = true): ReturnType<typeof retentionOf> =>
  retentionOf({ json, data: Buffer.from(text) });

describe('metadata documents', () => {
  it.each([
    ['{"$maxCount":2}', { maxCount: 2 }],
    [`\uFEFF {'$maxCount': 2, other: [1,], x: NaN, y: undefined,} behind`, { maxCount: 2 }],
    ['{$maxAge:0x10}', { maxAgeSeconds: 16 }],
    ['{"$tb":017}', { truncateBefore: 15 }],
    ['{"$tb":1,"$tb":2}', { truncateBefore: 2 }],
    ['{"\\u0024tb":3,"own":{"$tb":"x" /* deep */}}', { truncateBefore: 3 }],
    ['{"$tb":-1,"$maxCount":0,"$maxAge":-5,"$cacheControl":0}', {}],
    ['{"$tb":9223372036854775806}', { truncateBefore: DELETED_TRUNCATE_BEFORE - 1 }],
    ['{"$tb":9223372036854775807}', { truncateBefore: DELETED_TRUNCATE_BEFORE }],
    ['{"$tb":1,"$acl":{"$r":[],"$w":"a","$d":["a","b"]}}', { truncateBefore: 1 }],
  ])('reads %s', (text, expected) => {
    expect(of(text)).toEqual({ ...KEEP_ALL, ...expected });
  });

  it.each([
    ...['[]', '"x"', '', 'nonsense', '{"$tb":1', '{"$tb":1 "x":1}', '/* c */{"$tb":1}', '{"$tb":1,/* c */"x":1}'],
    ...['"1"', '1.0', '1e0', 'null', 'true', '9223372036854775808', '08', '-0x1', '[1]'].map((n) => `{"$tb":${n}}`),
    ...['{"$tb":1,"$maxCount":"2"}', '{"$tb":"1","$tb":1}', '{"$tb":1,"$tmp":1}', '{"$tb":1,"$acl":"$r"}'],
    ...['{"$tb":1,"$acl":{"x":"y"}}', '{"$tb":1,"$acl":{"$r":null}}', '{"$tb":1,"$acl":{"$r":[1]}}'],
    `{"$tb":1,"x":${'['.repeat(1_000)}${']'.repeat(1_000)}}`,
  ])('takes nothing from %s', (text) => {
    expect(of(text)).toEqual(KEEP_ALL);
  });

  it('takes nothing from binary metadata', () => {
    expect(of('{"$tb":1}', false)).toEqual(KEEP_ALL);
  });

  it.each([
    ['{"$tb":9223372036854775807}', '{"$tb":3}'],
    [' { "own" : [1, 2.50, 1e300] , "own": {"x":"é\\n"} } ', '{"own":{"x":"é\\n"},"$tb":3}'],
    ['{"a":2.0,"$tb":9,"b":[null,true,\'c\']}', '{"a":2.0,"$tb":3,"b":[null,true,"c"]}'],
  ])('brings a stream back by changing %s', (before, after) => {
    expect(recreatedDocument(Buffer.from(before), 3)?.toString()).toBe(after);
  });

  it.each(['[]', '', 'nonsense', '{} x'])('leaves %s alone, which is no object', (text) => {
    expect(recreatedDocument(Buffer.from(text), 3)).toBeUndefined();
  });
});
