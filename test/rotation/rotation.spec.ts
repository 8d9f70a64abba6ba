import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { choiceOf } from './choice';
import { allBut, IN_TURN } from './files';
import { numberOfCommit, partsOf, rotated } from './rotation';
import { chosen, WHOLES } from './wholes';

const NAMES = Object.keys(WHOLES) as (keyof typeof WHOLES)[];
/** Wholes that get members with other work. */
const GROWING: ReadonlySet<string> = new Set(['mistakes', 'postgresFiles']);
const short = (number: number): { deep: false; number: number } => ({ deep: false, number });
/** Ids as git makes them, of commits that nobody made. */
const commits = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, i) =>
    createHash('sha1')
      .update(`commit ${String(i)}`)
      .digest('hex'),
  );

describe('what a short run chooses', () => {
  it.each([
    [1, 1],
    [5, 1],
    [14, 4],
    [100, 8],
    [2_000, 170],
    [7, 10],
  ])('are parts of %i members, at most %i each, which are the whole together and share nothing', (members, size) => {
    const whole = Array.from({ length: members }, (_, i) => i);
    const parts = Array.from({ length: partsOf(members, size) }, (_, number) => rotated(whole, size, short(number)));
    expect(parts.flat().sort((a, b) => a - b)).toEqual(whole);
    expect(Math.max(...parts.map(({ length }) => length))).toBeLessThanOrEqual(size);
    expect(Math.min(...parts.map(({ length }) => length))).toBeGreaterThan(0);
  });

  it.each(NAMES)('brings up each of the %s over 1,000 commits', (name) => {
    const runs = commits(1_000).map((id) => chosen(short(numberOfCommit(id))));
    expect(new Set(runs.flatMap((run): readonly unknown[] => run[name]))).toEqual(
      new Set<unknown>(WHOLES[name].members),
    );
  });

  it('has something of each whole, and no more than the budget allows', () => {
    for (const id of commits(50)) {
      const run = chosen(short(numberOfCommit(id)));
      for (const name of NAMES) {
        const { length } = run[name];
        expect([name, length > 0, length <= WHOLES[name].most]).toEqual([name, true, true]);
      }
    }
  });

  it('is everything in a deep run', () => {
    const all = Object.fromEntries(NAMES.map((name) => [name, WHOLES[name].members]));
    expect(chosen({ deep: true, number: 77 })).toEqual(all);
  });

  it('is as much as docs/testing.md says', () => {
    const page = readFileSync(join(__dirname, '../../docs/testing.md'), 'utf8');
    const rows: Readonly<Record<(typeof NAMES)[number], string>> = {
      seeds: 'seeds of the simulation',
      mistakes: 'planted mistakes',
      simulatedRounds: 'crash rounds, simulated hosts',
      realRounds: 'crash rounds, real guests',
      fuzzSeeds: 'seeds of random requests (`test/fuzz`)',
      fuzzStates: 'states of a server in which every action is asked for',
      guestWalks: 'walks of real guests, besides the first (`GUEST_WALKS`)',
      cloudWalks: 'clouds with simulated hosts that take turns',
      postgresFiles: 'files of the API on PostgreSQL',
      fuzzPairs: 'pairs of contradictory actions at once on one server',
    };
    const [deep, first] = [chosen({ deep: true, number: 0 }), chosen(short(0))];
    for (const name of NAMES) {
      const title = rows[name];
      const all = GROWING.has(name) ? 'all' : deep[name].length.toLocaleString('en');
      const part = name === 'postgresFiles' ? 'half' : String(first[name].length);
      expect(page).toContain(`| ${title} | ${all} | ${part} |`);
    }
  });

  it('takes all files of a part but those whose turn it is not', () => {
    const pattern = new RegExp(allBut(['units', 'compute/servers']));
    const paths = ['test/crash/units.e2e.spec.ts', 'src/compute/servers.int.spec.ts'];
    expect(paths.map((path) => pattern.test(`/checkout/${path}`))).toEqual([false, false]);
    const others = ['test/crash/some-units.e2e.spec.ts', 'src/compute/servers/tags.int.spec.ts', 'src/schema.spec.ts'];
    expect(others.map((path) => pattern.test(`/checkout/${path}`))).toEqual([true, true, true]);
    expect(new RegExp(allBut([])).test('/checkout/a.spec.ts')).toBe(true);
  });

  it('knows by their names files that there are', () => {
    const files = globSync('{test,apps}/**/*.{e2e,int}.spec.ts', { cwd: join(__dirname, '../..') });
    const missing = Object.values(IN_TURN)
      .flat()
      .filter((name) => !files.some((file) => new RegExp(`/${name}\\.(e2e|int)\\.`).test(file)));
    expect(missing).toEqual([]);
  });

  it('follows from the commit, or from what is asked for, or is fixed where there is neither', () => {
    const id = 'ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00';
    expect(choiceOf({}, () => id)).toEqual(short(0xff00ff00ff00));
    expect(choiceOf({ CAIRN_TEST_CHOICE: '7' }, () => id)).toEqual(short(7));
    expect(choiceOf({}, () => undefined)).toEqual(short(0));
    expect(choiceOf({ CAIRN_TEST_DEPTH: 'deep' }, () => undefined)).toEqual({ deep: true, number: 0 });
  });

  it.each([{ CAIRN_TEST_CHOICE: '-1' }, { CAIRN_TEST_CHOICE: 'x' }, { CAIRN_TEST_DEPTH: 'depp' }])(
    'refuses %o',
    (environment) => {
      expect(() => choiceOf(environment, () => undefined)).toThrow(/^CAIRN_TEST_/);
    },
  );
});
