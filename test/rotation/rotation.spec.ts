import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { GUEST_WALKS } from '../support/real-guests';
import { choiceOf } from './choice';
import { numberOfCommit, partsOf, rotated } from './rotation';
import {
  chosen,
  FUZZ_PAIRS,
  FUZZ_SEEDS,
  FUZZ_STATES,
  MISTAKES,
  REAL_ROUNDS,
  SEEDS,
  SIMULATED_ROUNDS,
  SIZES,
} from './wholes';

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

  it('brings up each seed, planted mistake, crash round and walk of guests over 150 commits', () => {
    const runs = commits(150).map((id) => chosen(short(numberOfCommit(id))));
    const seen = <T>(of: (run: (typeof runs)[number]) => readonly T[]): Set<T> => new Set(runs.flatMap(of));
    expect(seen(({ seeds }) => seeds)).toEqual(new Set(SEEDS));
    expect(seen(({ mistakes }) => mistakes)).toEqual(new Set(MISTAKES));
    expect(seen(({ simulatedRounds }) => simulatedRounds)).toEqual(new Set(SIMULATED_ROUNDS));
    expect(seen(({ realRounds }) => realRounds)).toEqual(new Set(REAL_ROUNDS));
    expect(seen(({ guestWalks }) => guestWalks)).toEqual(new Set(GUEST_WALKS));
  });

  it('has something of each whole, and no more than the budget allows', () => {
    for (const id of commits(50)) {
      const run = chosen(short(numberOfCommit(id)));
      for (const [name, size] of Object.entries(SIZES)) {
        const { length } = run[name as keyof typeof SIZES];
        expect([name, length > 0, length <= size]).toEqual([name, true, true]);
      }
    }
  });

  it('is everything in a deep run', () => {
    const all = {
      seeds: SEEDS,
      mistakes: MISTAKES,
      simulatedRounds: SIMULATED_ROUNDS,
      realRounds: REAL_ROUNDS,
      fuzzSeeds: FUZZ_SEEDS,
      fuzzStates: FUZZ_STATES,
      guestWalks: GUEST_WALKS,
      fuzzPairs: FUZZ_PAIRS,
    };
    expect(chosen({ deep: true, number: 77 })).toEqual(all);
  });

  it('is as much as docs/testing.md says', () => {
    const page = readFileSync(join(__dirname, '../../docs/testing.md'), 'utf8');
    const rows: Readonly<Record<keyof typeof SIZES, string>> = {
      seeds: 'seeds of the simulation',
      mistakes: 'planted mistakes',
      simulatedRounds: 'crash rounds, simulated hosts',
      realRounds: 'crash rounds, real guests',
      fuzzSeeds: 'seeds of random requests (`test/fuzz`)',
      fuzzStates: 'states of a server in which every action is asked for',
      guestWalks: 'walks of real guests, besides the first (`GUEST_WALKS`)',
      fuzzPairs: 'pairs of contradictory actions at once on one server',
    };
    const [deep, first] = [chosen({ deep: true, number: 0 }), chosen(short(0))];
    for (const [name, title] of Object.entries(rows) as [keyof typeof SIZES, string][]) {
      const all = name === 'mistakes' ? 'all' : deep[name].length.toLocaleString('en');
      expect(page).toContain(`| ${title} | ${all} | ${String(first[name].length)} |`);
    }
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
