import { excerptOf } from './excerpt';

const of = (value: unknown, most = 1000): string => excerptOf(value, most, (key) => key === 'pass');

describe('the beginning of a value', () => {
  it.each([[{ a: 1, b: [true, null, 'x"y'], c: {} }], [[]], ['text'], [1.5], [null], [{ a: { b: { c: [[[]]] } } }]])(
    'is JSON while it is short: %j',
    (value) => {
      expect(of(value)).toBe(JSON.stringify(value));
    },
  );

  it('hides what is secret, at every depth', () => {
    expect(of({ a: [{ pass: { deep: 'x' }, b: 1 }] })).toBe('{"a":[{"pass":"***","b":1}]}');
  });

  it('ends where it is long enough, and so does its cost', () => {
    expect(of('x'.repeat(100), 5)).toBe('"xxxx…');
    let reads = 0;
    const value = Array.from({ length: 1000 }, () => ({
      get a() {
        reads += 1;
        return 'x'.repeat(10);
      },
    }));
    expect(of(value, 50)).toHaveLength(51);
    expect(reads).toBeLessThan(10);
  });
});
