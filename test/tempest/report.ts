import type { Outcome, State } from './outcome';
import { agrees, type Verdict } from './verdict';

const STATES: readonly State[] = ['passed', 'hollow', 'failed', 'not begun', 'skipped', 'no result'];

const serviceOf = (test: string): string =>
  test
    .split('.')
    .slice(1, test.startsWith('tempest.api.') ? 3 : 2)
    .join('.');

const row = (name: string, cells: readonly (string | number)[]): string =>
  name.padEnd(24) + cells.map((cell) => String(cell).padStart(11)).join('');

/** How many tests of each service ended how. */
export function summary(outcomes: readonly Outcome[]): string {
  const services = [...new Set(outcomes.map(({ test }) => serviceOf(test)))].sort();
  const counts = (own: readonly Outcome[]): readonly number[] => [
    ...STATES.map((state) => own.filter((outcome) => outcome.state === state).length),
    own.length,
  ];
  return [
    row('service', [...STATES, 'together']),
    ...services.map((service) => row(service, counts(outcomes.filter(({ test }) => serviceOf(test) === service)))),
    row('together', counts(outcomes)),
  ].join('\n');
}

const section = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : [`\n${title}`, ...lines.map((line) => `  ${line}`)];

/** What is wrong, and what to do about it; in short when nothing is. */
export function findings(verdict: Verdict): string {
  if (agrees(verdict)) return 'The run agrees with the lists of test/tempest.';
  return [
    ...section(
      'Passed before (test/tempest/passing.txt) and do not any more:',
      verdict.lost.map(({ test, state, reason }) => `${test}: ${state}: ${reason}`),
    ),
    ...section(
      'Pass, though test/tempest/absent.tsv says that they are absent. Move them to passing.txt (--update does):',
      verdict.won.map(({ test, absence }) => `${test} (${absence.name}: ${absence.reason})`),
    ),
    ...section(
      'In neither list of test/tempest. Add them (--update does; then say why the absent ones are):',
      verdict.unknown.map(({ test, state, reason }) => `${test}: ${state}${reason === '' ? '' : `: ${reason}`}`),
    ),
  ].join('\n');
}
