/**
 * How a test ended. `hollow`: it passed, but only because Cairn lacks what it asked for. `not begun`: its class could not be
 * prepared. `no result`: the run ended before it.
 */
export type State = 'passed' | 'hollow' | 'failed' | 'not begun' | 'skipped' | 'no result';

export interface Outcome {
  /** Without the attributes that Tempest writes behind it in brackets. */
  readonly test: string;
  readonly state: State;
  /** The exception, the reason of a skip, or the last request that Cairn refused. */
  readonly reason: string;
}

/** A line of `results.py`. */
export interface Result {
  readonly id: string;
  readonly state: 'passed' | 'failed' | 'skipped';
  readonly reason: string;
  /** Seconds since the epoch. */
  readonly began: number | null;
  readonly ended: number | null;
}

export const bare = (id: string): string => id.replace(/\[.*$/s, '');

export const classOf = (test: string): string => test.slice(0, test.lastIndexOf('.'));

const CLASS_STEP = /^(setUpClass|tearDownClass) \((.*)\)$/;

/**
 * What became of each test that was to run. A class whose clean-up failed counts as a test of its own,
 * `<class>.tearDownClass`.
 */
export function outcomesOf(loaded: readonly string[], results: readonly Result[]): readonly Outcome[] {
  const tests = new Map(results.map((result) => [bare(result.id), result]));
  const setUps = new Map<string, Result>();
  const tearDowns: Outcome[] = [];
  for (const result of results) {
    const [, step, name] = CLASS_STEP.exec(result.id) ?? [];
    if (name === undefined) continue;
    if (step === 'setUpClass') setUps.set(name, result);
    else if (result.state === 'failed')
      tearDowns.push({ test: `${name}.tearDownClass`, state: 'failed', reason: result.reason });
  }
  const outcomes = loaded.map((test): Outcome => {
    const own = tests.get(test);
    if (own !== undefined) return { test, state: own.state, reason: own.reason };
    const setUp = setUps.get(classOf(test));
    if (setUp === undefined || setUp.state === 'passed') return { test, state: 'no result', reason: '' };
    return { test, state: setUp.state === 'skipped' ? 'skipped' : 'not begun', reason: setUp.reason };
  });
  return [...outcomes, ...tearDowns];
}
