import { holds, parseQuery } from './json-query';

const VALUES: Readonly<Record<string, unknown>> = { n: 5, zero: 0, word: 'kvm', list: ['a', 'b'] };

function answer(query: unknown): boolean | undefined {
  const parsed = parseQuery(JSON.stringify(query));
  return parsed === undefined ? undefined : holds(parsed, ([name = '']) => VALUES[name]);
}

describe("a query in the language of nova's JsonFilter", () => {
  it.each<[unknown, boolean]>([
    [[], true],
    [['=', '$n', 5], true],
    [['=', '$n', 5, 6], false],
    [['=', '$n'], false],
    [['<', '$n', 6, 7], true],
    [['<', '$n', 6, 5], false],
    [['>', '$n', 4], true],
    [['<=', '$n', 5], true],
    [['>=', '$n', 5.5], false],
    [['>=', '$n', '5'], false],
    [['<', '$word', 'lvm'], true],
    [['in', '$word', 'xen', 'kvm'], true],
    [['in', '$word'], false],
    [['not', ['=', '$n', 5]], false],
    [['not', ['=', '$n', 5], ['=', '$n', 6]], true],
    [['and', ['=', '$n', 5], ['=', '$word', 'kvm']], true],
    [['and'], true],
    [['or', ['=', '$n', 6], ['=', '$word', 'kvm']], true],
    [['or'], false],
    [['or', '$zero', '$missing'], false],
    [['>', '$missing', 1], false],
  ])('%j is %s', (query, right) => {
    expect(answer(query)).toBe(right);
  });

  it.each([['like', '$n', 5], { '=': 1 }, [['=', 1, 1]], ['=', { a: 1 }]])('%j is none', (query) => {
    expect(answer(query)).toBeUndefined();
  });

  it('is none in a text that is not JSON, too long or too deep', () => {
    expect(parseQuery('[">="')).toBeUndefined();
    expect(parseQuery(JSON.stringify(['or', 'x'.repeat(5_000)]))).toBeUndefined();
    expect(parseQuery(`${'["not",'.repeat(17)}true${']'.repeat(17)}`)).toBeUndefined();
    expect(parseQuery('["not",'.repeat(100_000))).toBeUndefined();
    expect(parseQuery(`${'["not",'.repeat(15)}true${']'.repeat(15)}`)).toBeDefined();
  });
});
