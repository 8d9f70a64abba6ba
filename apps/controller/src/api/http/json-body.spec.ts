import { parseJsonBody } from './json-body';
import { HttpProblem } from './problem';

const parse = (text: string, encoding: BufferEncoding = 'utf8'): unknown =>
  parseJsonBody(Buffer.from(text, encoding), 100);

const refusal = (text: string, encoding?: BufferEncoding): string | undefined => {
  try {
    parse(text, encoding);
  } catch (error) {
    if (error instanceof HttpProblem) return error.text ?? 'in the words of the service';
    throw error;
  }
  return undefined;
};

describe('a JSON body', () => {
  it('keeps every key, whatever objects inherit under it', () => {
    const text = '{"__proto__":{"constructor":1},"toString":"a","hasOwnProperty":[{"__proto__":null}]}';
    expect(JSON.stringify(parse(text))).toBe(text);
  });

  it('is nothing when it is empty', () => {
    expect([parse(''), parse(' \n')]).toEqual([undefined, undefined]);
  });

  it('is UTF-8: other bytes are refused, instead of being kept as something else', () => {
    expect(refusal('{"name": "caf\xe9"}', 'latin1')).toBe('in the words of the service');
    expect(parse('{"name": "café 🐧"}')).toEqual({ name: 'café 🐧' });
  });

  it.each([
    [String.raw`{"a": {"name": "x\u0000"}}`, 'name'],
    [String.raw`{"a": {"name": ["\uD83D"]}}`, 'name'],
    [String.raw`{"a": {"\udc00": 1}}`, 'a'],
  ])('may not hold what cannot be stored: %s', (text, field) => {
    expect(refusal(text)).toBe(
      `Invalid input for field/attribute ${field}. It holds a character that cannot be stored: NUL or half of a surrogate pair.`,
    );
  });

  it('may hold whatever else is written as an escape', () => {
    expect(parse(String.raw`{"a": "\ud83d\udc27 \u0001 \\u0000"}`)).toEqual({ a: '🐧 \u0001 \\u0000' });
  });
});
