import fc from 'fast-check';

import { canonicalJson, jsonText } from './index';
import { deepText } from './deep-text';

/** Arrays or objects within each other, as a text: JSON.parse takes any depth. */
const nested = (depth: number, open: string, close: string): string => `${open.repeat(depth)}1${close.repeat(depth)}`;

const DEEP = 300_000;

describe('the texts of JSON', () => {
  it('are the same by calls and by the list of what is to do', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        const sorted = (one: object): readonly string[] => Object.keys(one).sort();
        expect(deepText(value, Object.keys)).toBe(JSON.stringify(value));
        expect(deepText(value, sorted)).toBe(canonicalJson(value));
        const wrapped = JSON.parse(nested(150, '[', ']').replace('1', () => JSON.stringify(value))) as object;
        expect(canonicalJson(wrapped)).toBe(nested(150, '[', ']').replace('1', () => canonicalJson(value)));
      }),
    );
  });

  it.each([
    ['arrays', nested(DEEP, '[', ']')],
    ['objects', nested(DEEP, '{"a":', '}')],
  ])('are made of %s of any depth', (_what, text) => {
    const value = JSON.parse(text) as object;
    expect(() => JSON.stringify(value)).toThrow(RangeError);
    expect(jsonText(value) === text).toBe(true);
    expect(canonicalJson(value) === text).toBe(true);
  });

  it('are made of what wants to be something else, however deep, and leave out what JSON does not know', () => {
    let value: unknown = [new Date(0), undefined, { gone: undefined, call: () => 1, at: new Date(1) }];
    const plain = '["1970-01-01T00:00:00.000Z",null,{"at":"1970-01-01T00:00:00.001Z"}]';
    expect(canonicalJson(value)).toBe(plain);
    for (let i = 0; i < 120; i += 1) value = [value];
    expect(canonicalJson(value)).toBe(`${'['.repeat(120)}${plain}${']'.repeat(120)}`);
  });

  it('are not made of what contains itself', () => {
    const round: Record<string, unknown> = {};
    round['self'] = round;
    expect(() => jsonText(round)).toThrow(TypeError);
  });
});
