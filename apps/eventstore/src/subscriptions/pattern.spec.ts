import { eventFilter } from './filter';
import { compilePattern } from './pattern';

function matches(pattern: string, name: string): boolean | string {
  const compiled = compilePattern(pattern);
  return typeof compiled === 'string' ? compiled : compiled.test(name);
}

describe('patterns of clients', () => {
  it.each([
    ['^[^$].*', 'instance.launched.v1', true],
    ['^[^$].*', '$metadata', false],
    ['^(?!\\$)', '$metadata', false],
    ['^instance-[0-9a-f]{8}-[0-9a-f]{4}', 'instance-0123abcd-ffff', true],
    ['^(a|b)-\\d+$', 'b-17', true],
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

  it.each(['(', '[', '(?i)x', 'x'.repeat(2_000)])('refuses what is no pattern', (pattern) => {
    expect(typeof compilePattern(pattern)).toBe('string');
  });
});

describe('eventFilter', () => {
  it('asks for each name once', () => {
    const filter = eventFilter('stream', { regex: '', prefixes: ['instance-', 'host-'] });
    if (typeof filter === 'string') throw new Error(filter);
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

  it('refuses an expression that says nothing', () => {
    expect(eventFilter('type', { regex: '', prefixes: [] })).toMatch(/neither/);
  });
});
