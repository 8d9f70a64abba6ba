import type { JestResult, Part } from './report';

/**
 * Parts whose tests use processes, networks and disks of this machine: on a busy one a limit of time may be met without a
 * fault of Cairn's. What fails in the others fails every time, so it is not tried again.
 */
const WITH_REAL_PARTS: ReadonlySet<string> = new Set(['integration', 'postgres', 'e2e', 'host', 'guests']);
/** More files than these do not fail because a machine is slow. */
const MOST_FILES = 3;

type File = JestResult['testResults'][number];

/** One test that failed, or a file that could not be run. */
export interface Failure {
  readonly file: string;
  /** Missing where the file itself could not be run. */
  readonly title?: string;
  readonly why: string;
}

export const failuresOf = ({ name: file, assertionResults, message = '' }: File): readonly Failure[] =>
  assertionResults.length === 0 && message !== ''
    ? [{ file, why: message }]
    : assertionResults
        .filter(({ status }) => status === 'failed')
        .map(({ fullName: title, failureMessages = [] }) => ({ file, title, why: failureMessages.join('\n') }));

const hasFailed = (file: File): boolean => failuresOf(file).length > 0;

/** The files to run once more, alone, when everything else has ended: part and path of each; none where too many failed. */
export function filesToTryAgain(parts: readonly Part[]): readonly (readonly [part: string, file: string])[] {
  const failed = parts.filter(({ passed }) => !passed);
  if (failed.some(({ name, tests }) => !WITH_REAL_PARTS.has(name) || tests === undefined)) return [];
  const files = failed.flatMap(({ name, tests }) =>
    (tests?.testResults ?? []).filter(hasFailed).map((file) => [name, file.name] as const),
  );
  return files.length > MOST_FILES ? [] : files;
}

/** A part after the second try. `shaky` are the failures that it did not confirm; the part has no others left where it `passed`. */
export interface Settled {
  readonly part: Part;
  readonly shaky: readonly Failure[];
}

/** Takes a failed part for passed where each of its failed files, run once more, passed whole. */
export function settle(part: Part): Settled {
  const { tests, again } = part;
  if (part.passed || tests === undefined || again === undefined) return { part, shaky: [] };
  const good = new Map(again.testResults.filter(isGood).map((file) => [file.name, file]));
  const failed = tests.testResults.filter(hasFailed);
  if (failed.length === 0 || !failed.every(({ name }) => good.has(name))) return { part, shaky: [] };
  const testResults = tests.testResults.map((file) => good.get(file.name) ?? file);
  return {
    part: { ...part, passed: true, tests: { numRuntimeErrorTestSuites: 0, testResults } },
    shaky: failed.flatMap(failuresOf),
  };
}

const isGood = (file: File): boolean =>
  !hasFailed(file) && file.assertionResults.some(({ status }) => status === 'passed');
