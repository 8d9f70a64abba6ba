import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ROOT } from '../documents';
import { expectBlocks } from '../generated';
import { guideCoverage, type TestFile } from './coverage';
import { provingTests } from './find-tests';
import { issueOf, ROWS } from './rows';

/** In what follows a tag is put together, or this file would be full of tags of its own. */
const WORD = 'guide';
const tag = (rows: string): string => `[${WORD} ${rows}]`;

const testFiles = (): readonly TestFile[] =>
  ['apps', 'libs', 'test'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(spec|contract)\.ts$/.test(name))
      .map((name) => join(folder, name))
      .sort()
      .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') })),
  );

describe('docs/guide-coverage.md', () => {
  it('says which tests prove which rows (npm run docs:guide writes it)', () => {
    expectBlocks('guide-coverage.md', { ...guideCoverage(ROWS, testFiles()) });
  });

  it('has every row once', () => {
    expect(ROWS.map(([number]) => number)).toEqual(Array.from({ length: 148 }, (_, i) => i + 1));
  });
});

describe('the tags of tests', () => {
  const text = `
    describe('suite', () => {
      it('one ${tag('12,13')}', () => {});
      it.each([1])("two's %i ${tag('7')}", () => {});
      itWhere(null, \`three \${String(ROUNDS)} ${tag('8')}\`, async () => { await roundsOf(trial, ROUNDS); });
      it('none', () => {});
    });`;

  it('are found in titles, with the suite around them', () => {
    expect(provingTests('a.spec.ts', text)).toEqual([
      { rows: [12, 13], title: 'suite: one', rotates: false },
      { rows: [7], title: "suite: two's %i", rotates: false },
      { rows: [8], title: 'suite: three ${String(ROUNDS)}', rotates: true },
    ]);
  });

  it.each([`describe('a ${tag('1')}', () => {});`, `// ${tag('1')}`, `it('a ${tag('one')}', () => {});`])(
    'are refused where they would not count: %s',
    (source) => {
      expect(() => provingTests('a.spec.ts', source)).toThrow(/^a\.spec\.ts has 1 tags, but 0 count$/);
    },
  );

  it('are refused for rows that are none', () => {
    const files = [{ path: 'a.spec.ts', text: `it('a ${tag('149')}', () => {});` }];
    expect(() => guideCoverage(ROWS, files)).toThrow('no such rows: 149 in a.spec.ts');
  });

  it('say where a test runs, those of a contract where its users run', () => {
    const files = [
      { path: 'test/a.contract.ts', text: `it('a ${tag('1')}', () => {});` },
      { path: 'test/a.spec.ts', text: "import { a } from './a.contract';" },
      { path: 'apps/agent/b.int.spec.ts', text: "import { a } from '../../test/a.contract';" },
      { path: 'test/c.e2e.spec.ts', text: `it(\`c \${ROUNDS} ${tag('2')}\`, () => {});` },
      { path: 'test/e2e/guest-life.e2e.spec.ts', text: `it('d ${tag('3')}', () => {});` },
    ];
    const { proved, unproved, summary } = guideCoverage(ROWS.slice(0, 4), files);
    expect(proved).toContain('| `test/a.contract.ts`: a | short (host and unit) |');
    expect(proved).toContain('| `test/c.e2e.spec.ts`: c ${ROUNDS} | rotating (e2e) |');
    expect(proved).toContain('| `test/e2e/guest-life.e2e.spec.ts`: d | rotating (guests) |');
    expect(unproved.split('\n')).toHaveLength(3);
    expect(summary).toBe('3 of 4 rows are proved, by 3 tests.');
  });

  it('leave to an issue what they do not prove', () => {
    expect([issueOf(9), issueOf(65), issueOf(99), issueOf(148), issueOf(135)]).toEqual([15, 13, 18, 14, undefined]);
  });
});
