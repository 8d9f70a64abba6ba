import { GenerationalCache } from './generational-cache';

describe('the generational cache', () => {
  const filled = (
    limit: number,
    keys: readonly string[],
    mustKeep?: (key: string) => boolean,
  ): GenerationalCache<string, string> => {
    const cache = new GenerationalCache<string, string>(limit, mustKeep);
    for (const key of keys) cache.set(key, key);
    return cache;
  };
  const among = (cache: GenerationalCache<string, string>, keys: string): string =>
    Array.from(keys)
      .filter((key) => cache.peek(key) === key)
      .join('');

  it('drops entries that were not used lately', () => {
    const cache = filled(4, ['a', 'b']);
    expect(cache.get('a')).toBe('a');
    cache.set('c', 'c');
    expect(among(cache, 'abc')).toBe('ac');
  });

  it('has the last used half of its limit, and never more than its limit', () => {
    const cache = filled(10, []);
    for (let i = 0; i < 1_000; i += 1) {
      cache.set(String(i), 'x');
      expect(cache.size).toBeLessThanOrEqual(10);
      const last = Array.from({ length: Math.min(5, i + 1) }, (_, back) => cache.peek(String(i - back)));
      expect(last).not.toContain(undefined);
    }
  });

  it('does not count a look as use', () => {
    const cache = filled(4, ['a', 'b']);
    expect(cache.peek('a')).toBe('a');
    cache.set('c', 'c');
    cache.set('d', 'd');
    expect(among(cache, 'abcd')).toBe('cd');
  });

  it('keeps what it must keep, beyond its limit', () => {
    const cache = filled(2, Array.from('abKcLdefgh'), (key) => key < 'a');
    expect(among(cache, 'KL')).toBe('KL');
    expect(among(cache, 'abcdef')).toBe('');
  });

  it('has the newest value of a key, in whichever generation the older one is', () => {
    const cache = filled(6, ['a', 'b', 'c']);
    cache.set('a', 'again');
    expect([cache.get('a'), cache.peek('a'), cache.size]).toEqual(['again', 'again', 3]);
  });

  it('forgets a deleted entry of either generation', () => {
    const cache = filled(4, ['a', 'b', 'c']);
    for (const key of ['a', 'c']) cache.delete(key);
    expect(among(cache, 'abc')).toBe('b');
    expect(cache.size).toBe(1);
  });
});
