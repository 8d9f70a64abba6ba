import { type JestResult, type Part, report } from './report';
import { filesToTryAgain } from './second-try';

const wrote = (...tests: readonly (readonly [title: string, status: string, ms: number])[]): JestResult => ({
  numRuntimeErrorTestSuites: 0,
  testResults: [
    {
      name: '/checkout/test/a.spec.ts',
      assertionResults: tests.map(([fullName, status, duration]) => ({ fullName, status, duration })),
    },
  ],
});
const part = (name: string, tests?: JestResult, passed = true): Part => ({
  ...{ name, passed, seconds: 125.2, cpuSeconds: 7.31 },
  ...(tests === undefined ? {} : { tests }),
});
const told = (...parts: readonly Part[]): string => report(parts, '/checkout').lines.join('\n');

describe('the report of a run', () => {
  it('says where the time went, and what it came to', () => {
    const text = told(part('types'), part('unit', wrote(['a', 'passed', 3], ['b', 'passed', 4])));
    expect(text).toMatch(/^ {2}types +passed +2:05 min +7\.3 s$/m);
    expect(text).toMatch(/^ {2}unit +passed +2:05 min +7\.3 s +2 tests$/m);
    expect(text).toMatch(/^2 passed, 0 failed, 0 skipped$/m);
  });

  it('lists the slowest 20 tests of all parts, the slowest first', () => {
    const many = Array.from({ length: 30 }, (_, i) => [`t${String(i)}`, 'passed', i * 1_000] as const);
    const titles = [...told(part('unit', wrote(...many))).matchAll(/a\.spec\.ts: (t\d+)/g)].map(([, title]) => title);
    expect(titles).toEqual(Array.from({ length: 20 }, (_, i) => `t${String(29 - i)}`));
  });

  it('names each skipped test with its reason', () => {
    const skipped = wrote(['clients (skipped: nova is not installed) list', 'pending', 0], ['b', 'passed', 1]);
    expect(told(part('unit', skipped))).toMatch(
      /^skipped \(nova is not installed\): test\/a\.spec\.ts: clients list$/m,
    );
    expect(report([part('unit', skipped)], '/checkout').good).toBe(true);
  });

  it.each(['pending', 'todo', 'disabled'])('takes a test that is %s without a reason for a failure', (status) => {
    const { good, lines } = report([part('unit', wrote(['b', status, 0]))], '/checkout');
    expect(lines.join('\n')).toMatch(/WITHOUT A REASON.*: test\/a\.spec\.ts: b$/m);
    expect(good).toBe(false);
  });

  it('is not content with a failed test, a suite that broke, or a part that failed', () => {
    expect(report([part('unit', wrote(['a', 'failed', 0]))], '/').good).toBe(false);
    expect(report([part('unit', { ...wrote(), numRuntimeErrorTestSuites: 1 })], '/').good).toBe(false);
    expect(report([part('types', undefined, false)], '/').good).toBe(false);
    expect(report([part('types')], '/').good).toBe(true);
  });

  it('says at the end why a test, a file and a part failed', () => {
    const { testResults } = wrote();
    const failed: JestResult = {
      numRuntimeErrorTestSuites: 1,
      testResults: [
        ...testResults,
        {
          name: '/checkout/test/b.spec.ts',
          assertionResults: [
            { fullName: 'sums', status: 'failed', failureMessages: ['\u001b[31mexpected 2\u001b[39m\nreceived 3'] },
          ],
        },
        { name: '/checkout/test/c.spec.ts', assertionResults: [], message: 'no such module' },
      ],
    };
    const lint = { ...part('lint', undefined, false), output: `${'x\n'.repeat(100)}an unused name\n` };
    const text = told(part('unit', failed, false), lint);
    expect(text).toContain('FAILED test/b.spec.ts: sums\n    expected 2\n    received 3\n');
    expect(text).toContain('FAILED test/c.spec.ts\n    no such module\n');
    expect(text).toMatch(/FAILED lint; its last lines:\n( {4}x\n){39} {4}an unused name\n/);
  });

  describe('of what failed beside the others and was run once more, alone', () => {
    const failed = wrote(['a', 'failed', 0], ['b', 'passed', 4]);
    const passed = wrote(['a', 'passed', 3], ['b', 'passed', 4]);
    const tried = (again: JestResult): Part => ({ ...part('e2e', failed, false), again });

    it('says so, counts it, and is content where all of the file passed', () => {
      const { lines, good } = report([tried(passed)], '/checkout');
      expect(good).toBe(true);
      expect(lines).toContain('SHAKY (failed beside the others, passed alone) test/a.spec.ts: a');
      expect(lines.at(-1)).toBe('2 passed, 0 failed, 0 skipped, 1 of the passed at the second try');
    });

    it.each([
      ['the test failed again', failed],
      ['another test of the file failed then', wrote(['a', 'passed', 3], ['b', 'failed', 4])],
      ['the file was not run', { ...passed, testResults: [] }],
      ['the file had no tests then', wrote()],
    ])('is not content where %s', (_, again) => {
      expect(report([tried(again)], '/checkout').good).toBe(false);
    });

    it('is not content with a part that failed otherwise', () => {
      const well = { ...part('e2e', passed, false), again: passed };
      expect(report([well], '/checkout').good).toBe(false);
    });
  });
});

describe('what is tried again', () => {
  const failedIn = (name: string, count = 1): Part => {
    const [file] = wrote(['a', 'failed', 0]).testResults;
    const testResults = Array.from({ length: count }, (_, i) => ({ ...file, name: `/checkout/${String(i)}.spec.ts` }));
    return part(name, { numRuntimeErrorTestSuites: 0, testResults } as JestResult, false);
  };

  it('is the files with failures in tests with real parts', () => {
    expect(filesToTryAgain([part('unit', wrote(['a', 'passed', 1])), failedIn('e2e'), failedIn('host', 2)])).toEqual([
      ['e2e', '/checkout/0.spec.ts'],
      ['host', '/checkout/0.spec.ts'],
      ['host', '/checkout/1.spec.ts'],
    ]);
  });

  it.each([
    ['a test failed that nothing on the machine disturbs', [failedIn('e2e'), failedIn('unit')]],
    ['a part without tests failed', [failedIn('e2e'), part('lint', undefined, false)]],
    ['too many files failed', [failedIn('e2e', 3), failedIn('host')]],
  ])('is nothing where %s', (_, parts) => {
    expect(filesToTryAgain(parts)).toEqual([]);
  });
});
