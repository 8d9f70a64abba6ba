import type { JestResult, Part } from './report';

/**
 * Parts whose tests use processes, networks and disks of this machine: on a busy one a limit of time may be met without a
 * fault of Cairn's. What fails in the others fails every time, so it is not tried again.
 */
const WITH_REAL_PARTS: ReadonlySet<string> = new Set(['integration', 'postgres', 'e2e', 'host', 'guests']);
/** More files than these do not fail because a machine is slow. */
const MOST_FILES = 3;

type Files = JestResult['testResults'];

const hasFailed = ({ assertionResults, message = '' }: Files[number]): boolean =>
  assertionResults.some(({ status }) => status === 'failed') || (assertionResults.length === 0 && message !== '');

/** The files to run once more, alone, when everything else has ended: part and path of each; none where too many failed. */
export function filesToTryAgain(parts: readonly Part[]): readonly (readonly [part: string, file: string])[] {
  const failed = parts.filter(({ passed }) => !passed);
  if (failed.some(({ name, tests }) => !WITH_REAL_PARTS.has(name) || tests === undefined)) return [];
  const files = failed.flatMap(({ name, tests }) =>
    (tests?.testResults ?? []).filter(hasFailed).map((file) => [name, file.name] as const),
  );
  return files.length > MOST_FILES ? [] : files;
}

/** One test or file that failed beside the others, and passed alone. */
export interface Shaky {
  readonly file: string;
  /** Missing where the file itself could not be run. */
  readonly title?: string;
  readonly why: string;
}

/** A part after the second try. `shaky` are the failures that it did not confirm; the part has no others left where it `passed`. */
export interface Settled {
  readonly part: Part;
  readonly shaky: readonly Shaky[];
}

/** Takes a failed part for passed where each of its failed files, run once more, passed whole. */
export function settle(part: Part): Settled {
  const { tests, again } = part;
  if (part.passed || tests === undefined || again === undefined) return { part, shaky: [] };
  const good = new Set(again.testResults.filter(isGood).map(({ name }) => name));
  const failed = tests.testResults.filter(hasFailed);
  if (failed.length === 0 || !failed.every(({ name }) => good.has(name))) return { part, shaky: [] };
  const replaced = tests.testResults.map(
    (file) => (hasFailed(file) ? again.testResults.find(({ name }) => name === file.name) : undefined) ?? file,
  );
  return {
    part: { ...part, passed: true, tests: { numRuntimeErrorTestSuites: 0, testResults: replaced } },
    shaky: failed.flatMap(shakyOf),
  };
}

const isGood = (file: Files[number]): boolean =>
  !hasFailed(file) && file.assertionResults.some(({ status }) => status === 'passed');

const shakyOf = ({ name: file, assertionResults, message = '' }: Files[number]): readonly Shaky[] =>
  assertionResults.length === 0
    ? [{ file, why: message }]
    : assertionResults
        .filter(({ status }) => status === 'failed')
        .map(({ fullName: title, failureMessages = [] }) => ({ file, title, why: failureMessages.join('\n') }));
