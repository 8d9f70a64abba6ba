import { byConfiguration } from './configurations';
import { absenceOf, type Lists, readAbsent, readLists } from './lists';
import { type Outcome, outcomesOf, type State } from './outcome';
import { shareOf } from './share';
import { agrees, judge, updated } from './verdict';

const outcome = (test: string, state: State, reason = ''): Outcome => ({ test, state, reason });

const lists: Lists = {
  passing: new Set(['tempest.api.a.C.test_1', 'tempest.api.a.C.test_2']),
  absent: readAbsent('# head\ntempest.api.a.C\tnot built: issue 12\ntempest.api.b\tnot built: issue 13\n'),
};

describe('what became of the tests', () => {
  const result = { reason: '', began: 1, ended: 2 };

  it('is what the results say, by the name without attributes', () => {
    const results = [{ ...result, id: 'tempest.a.C.test_1[id-1,smoke]', state: 'passed' as const }];
    expect(outcomesOf(['tempest.a.C.test_1'], results)).toEqual([outcome('tempest.a.C.test_1', 'passed')]);
  });

  it('follows from the class where that was not prepared, was skipped, or was not cleaned up', () => {
    const results = [
      { ...result, id: 'setUpClass (tempest.a.C)', state: 'failed' as const, reason: 'no' },
      { ...result, id: 'setUpClass (tempest.a.D)', state: 'skipped' as const, reason: 'off' },
      { ...result, id: 'tearDownClass (tempest.a.E)', state: 'failed' as const, reason: 'left' },
    ];
    expect(outcomesOf(['tempest.a.C.test_1', 'tempest.a.D.test_1', 'tempest.a.E.test_1'], results)).toEqual([
      outcome('tempest.a.C.test_1', 'not begun', 'no'),
      outcome('tempest.a.D.test_1', 'skipped', 'off'),
      outcome('tempest.a.E.test_1', 'no result'),
      outcome('tempest.a.E.tearDownClass', 'failed', 'left'),
    ]);
  });
});

describe('the verdict', () => {
  const judged = (outcomes: readonly Outcome[], cut = false) => judge(outcomes, lists, { cut });

  it('agrees with a run that is as the lists say', () => {
    const run = [outcome('tempest.api.a.C.test_1', 'passed'), outcome('tempest.api.b.D.test_1', 'failed')];
    expect(agrees(judged(run))).toBe(true);
  });

  it.each<State>(['failed', 'hollow', 'not begun', 'skipped', 'no result'])(
    'names a test that passed before and now is "%s"',
    (state) => {
      expect(judged([outcome('tempest.api.a.C.test_1', state)]).lost).toHaveLength(1);
    },
  );

  it('names an absent test that passes, but not one that passes hollow', () => {
    expect(judged([outcome('tempest.api.b.D.test_1', 'passed')]).won).toEqual([
      { test: 'tempest.api.b.D.test_1', absence: { name: 'tempest.api.b', reason: 'not built: issue 13' } },
    ]);
    expect(agrees(judged([outcome('tempest.api.b.D.test_1', 'hollow')]))).toBe(true);
  });

  it.each<State>(['passed', 'failed'])('names a %s test that is in no list', (state) => {
    expect(judged([outcome('tempest.api.bb.D.test_1', state)]).unknown).toHaveLength(1);
  });

  it('does not judge what had no time', () => {
    expect(agrees(judged([outcome('tempest.api.a.C.test_1', 'no result')], true))).toBe(true);
  });
});

describe('the updated lists', () => {
  it('take what passes, and keep an entry as long as it speaks of something', () => {
    const run = [
      outcome('tempest.api.a.C.test_1', 'failed', 'gone'),
      outcome('tempest.api.a.C.test_3', 'passed'),
      outcome('tempest.api.b.D.test_1', 'passed'),
      outcome('tempest.api.c.E.test_1', 'hollow', '404 GET /x'),
    ];
    const { passing, absent } = updated(run, lists);
    expect([...passing].sort()).toEqual(['tempest.api.a.C.test_2', 'tempest.api.a.C.test_3', 'tempest.api.b.D.test_1']);
    expect(absent).toEqual([
      { name: 'tempest.api.a.C', reason: 'not built: issue 12' },
      { name: 'tempest.api.c.E.test_1', reason: 'to be sorted: hollow: 404 GET /x' },
    ]);
    expect(agrees(judge(run, { passing, absent }, { cut: false }))).toBe(true);
  });
});

describe('the share of a turn', () => {
  const tests = Array.from({ length: 90 }, (_, i) => `tempest.C${String(i % 30)}.test_${String(i)}`);

  it('is whole classes, the same for the same turn, and another for another', () => {
    const share = shareOf(tests, 'a', 10);
    expect(share.size).toBe(12);
    expect([...shareOf(tests, 'a', 10)]).toEqual([...share]);
    expect([...shareOf(tests, 'b', 10)]).not.toEqual([...share]);
  });

  it('comes to every test', () => {
    const turns = Array.from({ length: 60 }, (_, i) => [...shareOf(tests, String(i), 10)]);
    expect(new Set(turns.flat()).size).toBe(tests.length);
  });
});

describe('the lists of the repository', () => {
  const { passing, absent } = readLists();

  it('say why each absent test is', () => {
    const good = /^(not built: (issue \d+|live migration)|needs a part that cannot run here: .+|OpenStack itself .+)/;
    expect(absent.filter(({ reason }) => !good.test(reason))).toEqual([]);
  });

  it('do not name a passing test as absent', () => {
    expect(absent.filter(({ name }) => passing.has(name))).toEqual([]);
  });

  it('have the most exact entry speak', () => {
    expect(absenceOf('tempest.api.a.C.test_9', lists.absent)?.name).toBe('tempest.api.a.C');
    expect(absenceOf('tempest.api.aa.C.test_9', lists.absent)).toBeUndefined();
  });
});

describe('the configurations', () => {
  it('divide the tests by name', () => {
    expect(byConfiguration(['t.a.C.test_1[id-1]', 't.a.C.test_12', 't.b.D.test_1'], ['t.a.C.test_1', 't.b'])).toEqual([
      ['tempest.conf', ['t.a.C.test_12']],
      ['later.conf', ['t.a.C.test_1[id-1]', 't.b.D.test_1']],
    ]);
    expect(byConfiguration(['t.b.D.test_1'], ['t.b'])).toEqual([['later.conf', ['t.b.D.test_1']]]);
  });
});
