import { eventFilter } from './filter';
import { compilePattern } from './pattern';

function matches(pattern: string, name: string): boolean | string {
  const compiled = compilePattern(pattern);
  return 'why' in compiled ? compiled.why : compiled.test(name);
}

describe('patterns of clients', () => {
  it.each([
    ['^[^$].*', 'instance.launched.v1', true],
    ['^[^$].*', '$metadata', false],
    ['^(?!\\$)', '$metadata', false],
    ['^instance-[0-9a-f]{8}-[0-9a-f]{4}', 'instance-0123abcd-ffff', true],
    ['^(a|b)-\\d+$', 'b-17', true],
    // What .NET means otherwise than JavaScript does.
    ['(?i)^INSTANCE-', 'Instance-1', true],
    ['(?i:ÄR)ger', 'Ärger', true],
    ['^(?i:a)B$', 'ab', false],
    ['a(?#comment)b', 'ab', true],
    ['(?x) a b # c', 'ab', true],
    ['^x$', 'x\n', true],
    ['^x\\Z', 'x\n', true],
    ['^x\\z', 'x\n', false],
    ['\\Ab', 'ab', false],
    ['(?m)^b$', 'a\nb\nc', true],
    ['^\\w+$', 'Ärger', true],
    ['^\\d$', '٣', true],
    ['^\\p{Lu}\\P{Lu}$', 'Éé', true],
    ['^[a-z-[aeiou]]+$', 'xyz', true],
    ['^[a-z-[aeiou]]+$', 'xaz', false],
    ['^[^\\d-[3]]$', '3', false],
    ['^[]a]+$', ']a', true],
    ['^.$', '\r', true],
    ['^(?s:.)$', '\n', true],
    ['\\bü\\b', 'a ü b', true],
    ['\\bü\\b', 'aüb', false],
    ['^(?>a*)b', 'aab', true],
    ['^(?>a*)a', 'aa', false],
    ['^(?<letter>.)\\k<letter>$', 'xx', true],
    ['^(.)\\1$', 'xy', false],
    ['(?<=-)a$', '-a\n', true],
    ['(?n)^(a|b){2}$', 'ab', true],
    ['^a{2,3}?$', 'aaa', true],
    ['^a{,3}$', 'a{,3}', true],
    ['^\\x41\\u0042\\t$', 'AB\t', true],
    ['^(?:){999999999}$', '', true],
  ])('%s on %s', (pattern, name, expected) => {
    expect(matches(pattern, name)).toBe(expected);
  });

  it.each(['^(a+)+$', '^(a|aa)+$', '(x+x+)+y'])('%s answers at once on a name that makes it backtrack', (pattern) => {
    const started = process.cpuUsage().user;
    expect(matches(pattern, `${'a'.repeat(2_000)}!${'x'.repeat(2_000)}`)).toBe(false);
    expect(process.cpuUsage().user - started).toBeLessThan(1_000_000);
  });

  it.each(['^(?!b)(a+)+$', '(a*)*\\1', '(?=x)a*b*c*d*e*f', '^(a|b){1,3000}(?=c)'])(
    'refuses %s, which could take unbounded time',
    (pattern) => {
      expect(matches(pattern, 'a')).toMatch(/unbounded time/);
    },
  );

  it.each([
    ...['(', '[', ')', '*a', 'a**', '{2}a', 'a{3,2}', '[z-a]', '[a-z-[b]c]', '\\y', '\\', '\\x4', '\\p{Nonsense}'],
    ...['(?#', '(?y)', '(?P<n>a)'],
  ])('refuses %s: it is no pattern', (pattern) => {
    expect(compilePattern(pattern)).toMatchObject({ isInvalid: true });
  });

  it.each([
    ...['\\p{IsGreek}', '(?<a-b>x)', '(?(a)b|c)', '\\G', '\\12', 'x'.repeat(2_000)],
    ...['(a)?\\1', '(?i)(a)\\1', 'a{3000}', '(?<n>a)(b)'],
  ])('refuses %s: it is not understood here', (pattern) => {
    expect(compilePattern(pattern)).toMatchObject({ isInvalid: false });
  });
});

describe('eventFilter', () => {
  it('asks for each name once', () => {
    const filter = eventFilter('stream', { regex: '', prefixes: ['instance-', 'host-'] });
    if ('why' in filter) throw new Error(filter.why);
    const asked: string[] = [];
    const verdicts = [1, 2, 1, 3, 2].map((id) =>
      filter.wants(id, () => {
        asked.push(String(id));
        return ['', 'instance-1', 'volume-1', 'host-1'][id] ?? '';
      }),
    );
    expect(verdicts).toEqual([true, false, true, true, false]);
    expect(asked).toEqual(['1', '2', '3']);
  });

  const wants = (regex: string, prefixes: readonly string[], name: string): boolean => {
    const filter = eventFilter('type', { regex, prefixes });
    if ('why' in filter) throw new Error(filter.why);
    return filter.wants(1, () => name);
  };

  it('prefers the expression to prefixes, and matches nothing without either', () => {
    expect(wants('^b', ['a'], 'a')).toBe(false);
    expect(wants('', [], 'a')).toBe(false);
    expect(wants('', [''], 'a')).toBe(true);
  });

  it.each([
    ['e\u0301', '\u00e9t', true],
    ['e', 'e\u0301t', false],
    ['a\u00adb', 'abc', true],
    ['ab', 'a\0bc', true],
    ['ß', 'ssx', false],
    ['Ä', 'äx', false],
  ])('compares prefixes by culture: %j of %j', (prefix, name, expected) => {
    expect(wants('', [prefix], name)).toBe(expected);
  });
});
