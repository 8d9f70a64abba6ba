import { DomainError } from '@cairn/domain';
import { PatternMatcher } from './pattern-matcher';

const matcher = new PatternMatcher();
const me = { party: 'p', member: 'u' };
const match = (pattern: string, texts: readonly string[]) => matcher.match(pattern, texts, me);

const names = ['web-1', 'Web-22', 'db.1', 'a web'];

describe('a filter by regular expression', () => {
  it.each([
    ['web', [true, true, false, true]],
    ['^web', [true, true, false, false]],
    ['1$', [true, false, true, false]],
    ['^db.1$', [false, false, true, false]],
    ['^web-[0-9]{2}$', [false, true, false, false]],
    ['db|22', [false, true, true, false]],
    ['', [true, true, true, true]],
  ])('"%s" finds names anywhere, without case', async (pattern, found) => {
    expect(await match(pattern, names)).toEqual(found);
  });

  it.each(['(', '[z-a]', 'a**', 'x'.repeat(300)])('"%s" is refused', async (pattern) => {
    await expect(match(pattern, names)).rejects.toThrow(DomainError);
  });

  it('that would take for ever is stopped, and what others do goes on meanwhile', async () => {
    let [turns, matching] = [0, true];
    const turn = (): void => {
      turns += 1;
      if (matching) setTimeout(turn, 1);
    };
    turn();
    await expect(match('^(a+)+$', [`${'a'.repeat(64)}!`])).rejects.toThrow(/too long/);
    matching = false;
    expect(turns).toBeGreaterThan(10);
    expect(await match('^(a+)+$', ['aaa'])).toEqual([true]);
  });

  it('waits for its turn, and a caller with many requests does not delay others', async () => {
    const slow = (): Promise<unknown> => match('^(a+)+$', [`${'a'.repeat(64)}!`]).catch((error: unknown) => error);
    const many = Array.from({ length: 20 }, slow);
    const begun = performance.now();
    expect(await matcher.match('^w[e]b', names, { party: 'other', member: 'u' })).toEqual([true, true, false, false]);
    expect(performance.now() - begun).toBeLessThan(1000);
    const kinds = (await Promise.all(many)).map((error) => (error as DomainError).kind);
    expect(kinds.filter((kind) => kind === 'unavailable').length).toBeGreaterThan(10);
  });
});
