import { type Absence, absenceOf, type Lists } from './lists';
import type { Outcome } from './outcome';

/** What the run and the lists disagree on. */
export interface Verdict {
  /** Named as passing, and did not pass. */
  readonly lost: readonly Outcome[];
  /** Named as absent, and passed. */
  readonly won: readonly { readonly test: string; readonly absence: Absence }[];
  /** In neither list. */
  readonly unknown: readonly Outcome[];
}

/** Compares a run with the lists. Tests without a result are not judged when `cut`: there was no time for them. */
export function judge(
  outcomes: readonly Outcome[],
  { passing, absent }: Lists,
  { cut }: { readonly cut: boolean },
): Verdict {
  const lost: Outcome[] = [];
  const won: { test: string; absence: Absence }[] = [];
  const unknown: Outcome[] = [];
  for (const outcome of outcomes) {
    if (outcome.state === 'no result' && cut) continue;
    const { test, state } = outcome;
    if (passing.has(test)) {
      if (state !== 'passed') lost.push(outcome);
      continue;
    }
    const absence = absenceOf(test, absent);
    if (absence === undefined) unknown.push(outcome);
    else if (state === 'passed') won.push({ test, absence });
  }
  return { lost, won, unknown };
}

export const agrees = ({ lost, won, unknown }: Verdict): boolean => lost.length + won.length + unknown.length === 0;

/** The reason that `--update` writes for an absent test without a reason; no list may keep it. */
export const UNSORTED = 'to be sorted: ';

/** The lists as they would be right for a run of all tests, or of those that ran. */
export function updated(outcomes: readonly Outcome[], lists: Lists): Lists {
  const passing = new Set(lists.passing);
  const absent = [...lists.absent];
  for (const { test, state, reason } of outcomes) {
    if (state === 'no result') continue;
    if (state === 'passed') passing.add(test);
    else {
      passing.delete(test);
      if (absenceOf(test, absent) === undefined) absent.push({ name: test, reason: `${UNSORTED}${state}: ${reason}` });
    }
  }
  const seen = outcomes.filter(({ state }) => state !== 'no result');
  // An entry goes once all its tests pass; an entry without any test in this run stays.
  const needed = ({ name }: Absence): boolean => {
    const own = seen.filter(({ test }) => test === name || test.startsWith(`${name}.`));
    return (
      own.length === 0 || own.some(({ test, state }) => state !== 'passed' && absenceOf(test, absent)?.name === name)
    );
  };
  return { passing, absent: absent.filter(needed) };
}
