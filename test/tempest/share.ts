import { createHash } from 'node:crypto';

import { classOf } from './outcome';

const rankOf = (name: string, turn: string): string => createHash('sha256').update(`${turn} ${name}`).digest('hex');

/**
 * Some of the tests, whole classes, about as many as asked for. Which ones follows from `turn` (a commit) alone, so that
 * over many commits all have their turn, and a run can be repeated.
 */
export function shareOf(tests: readonly string[], turn: string, count: number): ReadonlySet<string> {
  const classes = new Map<string, string[]>();
  for (const test of tests) classes.set(classOf(test), [...(classes.get(classOf(test)) ?? []), test]);
  const order = [...classes].sort(([a], [b]) => (rankOf(a, turn) < rankOf(b, turn) ? -1 : 1));
  const chosen = new Set<string>();
  for (const [, members] of order) {
    if (chosen.size >= count) break;
    for (const test of members) chosen.add(test);
  }
  return chosen;
}
