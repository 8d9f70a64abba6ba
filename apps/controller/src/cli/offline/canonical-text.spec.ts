import { canonicalJson } from '@cairn/json';
import fc from 'fast-check';
import { CanonicalText } from './canonical-text';

describe('a text whose keys are sorted on the way', () => {
  const text = new CanonicalText();

  function sorted(json: string): string {
    const bytes = Buffer.from(`before${json}behind`);
    text.begin(bytes.length);
    text.putSorted(bytes, 6, bytes.length - 6);
    return Buffer.from(text.bytes).toString();
  }

  it('is the canonical one of what ECMAScript wrote', () => {
    // Keys whose order as JSON's bytes is that by UTF-16 units: without escapes, as all of Cairn's.
    const unit = fc.constantFrom(...Array.from(' !#$-_09aAzZ~ü€'));
    const key = fc.string({ unit });
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'medium' },
        fc.jsonValue({ stringUnit: unit }),
        fc.string({ unit: 'binary' }),
        tie('object'),
      ),
      object: fc.dictionary(key, tie('value'), { noNullPrototype: true }),
    }));
    fc.assert(
      fc.property(value, (any) => {
        expect(sorted(JSON.stringify(any))).toBe(canonicalJson(any));
      }),
    );
  });

  it.each([
    [
      'members are moved whole',
      '{"b":{"y":1,"x":[{"d":1,"c":2}]},"a":"}"}',
      '{"a":"}","b":{"x":[{"c":2,"d":1}],"y":1}}',
    ],
    ['a key in front of a longer one comes first', '{"ab":1,"a!":2,"a":3}', '{"a":3,"a!":2,"ab":1}'],
    ['both members of one name stay', '{"b":1,"a":2,"b":3}', '{"a":2,"b":1,"b":3}'],
    ['escapes stay as they are', '{"b":"\\"\\u00fc","a":"\\\\"}', '{"a":"\\\\","b":"\\"\\u00fc"}'],
    ['a key without letters comes first', '{"!":1,"":2}', '{"":2,"!":1}'],
    [
      'what is too deep stays as it is',
      `${'['.repeat(15)}{"b":[{"d":1,"c":2}],"a":1}${']'.repeat(15)}`,
      `${'['.repeat(15)}{"a":1,"b":[{"d":1,"c":2}]}${']'.repeat(15)}`,
    ],
    ['numbers stay as they are', '{"b":1.0,"a":1E2}', '{"a":1E2,"b":1.0}'],
  ])('%s', (_what, json, expected) => {
    expect(sorted(json)).toBe(expected);
  });

  it('ends at text that is not JSON, and makes no JSON of it', () => {
    const pieces = fc
      .array(fc.constantFrom(...Array.from('{}[],:"\\a1 ')), { maxLength: 12 })
      .map((all) => all.join(''));
    fc.assert(
      fc.property(pieces, (broken) => {
        const made = sorted(broken);
        expect(Array.from(made).sort()).toEqual(Array.from(broken).sort());
        if (isJson(made)) expect(JSON.parse(broken)).toEqual(JSON.parse(made));
      }),
    );
  });

  it('starts over with the announced room', () => {
    const long = `{"b":"${'x'.repeat(200_000)}","a":1}`;
    expect(sorted(long)).toBe(`{"a":1,"b":"${'x'.repeat(200_000)}"}`);
    expect(sorted('{}')).toBe('{}');
    const many = Object.fromEntries(Array.from({ length: 3_000 }, (_, n) => [`k${String(9_999 - n)}`, n]));
    expect(sorted(JSON.stringify(many))).toBe(canonicalJson(many));
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
