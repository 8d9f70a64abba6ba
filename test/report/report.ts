import { stripVTControlCharacters } from 'node:util';

import { type Failure, failuresOf, settle } from './second-try';

/** What jest wrote about one part of the tests (`--json`), as far as it is read here. */
export interface JestResult {
  readonly numRuntimeErrorTestSuites: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly duration?: number | null;
      /** Why it failed. */
      readonly failureMessages?: readonly string[];
    }[];
    /** Why the file failed, where it has no test that did. */
    readonly message?: string;
  }[];
}

/** One part of the tests as it ran. `seconds` is time on the clock, `cpuSeconds` its own processes' processor time. */
export interface Part {
  readonly name: string;
  readonly passed: boolean;
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** Missing where a part has no tests of jest, or wrote nothing. */
  readonly tests?: JestResult;
  /** The files that failed, as they went when they were run once more, alone. */
  readonly again?: JestResult;
  /** What a part without tests printed. */
  readonly output?: string;
}

const SLOWEST = 20;
/** So much of what one failure says is said again at the end. */
const MOST_LINES = 40;

/** Reads `… (skipped: why)`, as `describeWhere` writes it. */
const REASON = /\(skipped: (.*?)\)/;

interface Test {
  readonly part: string;
  readonly file: string;
  readonly title: string;
  readonly status: string;
  readonly ms: number;
}

const testsOf = ({ name: part, tests }: Part, root: string): readonly Test[] =>
  (tests?.testResults ?? []).flatMap(({ name, assertionResults }) =>
    assertionResults.map(({ fullName: title, status, duration }) => ({
      ...{ part, file: within(root, name), title },
      ...{ status, ms: duration ?? 0 },
    })),
  );

const within = (root: string, name: string): string =>
  name.startsWith(`${root}/`) ? name.slice(root.length + 1) : name;

/** Why each test, file and part failed: the reader of the end of a long output need not look for it. */
function failureLines(parts: readonly Part[], root: string): readonly string[] {
  const failures = parts.flatMap(({ tests }) => tests?.testResults ?? []).flatMap(failuresOf);
  const silent = parts.filter(({ passed, tests }) => !passed && tests === undefined);
  return [
    ...failures.flatMap((one) => linesAbout('FAILED', one, root)),
    ...silent.flatMap(({ name, output = '' }) => [`FAILED ${name}; its last lines:`, ...lastLines(output)]),
  ];
}

const linesAbout = (how: string, { file, title, why }: Failure, root: string): readonly string[] => [
  `${how} ${within(root, file)}${title === undefined ? '' : `: ${title}`}`,
  ...firstLines(why),
];

const linesOf = (text: string): readonly string[] =>
  stripVTControlCharacters(text)
    .trimEnd()
    .split('\n')
    .map((line) => `    ${line}`);

const firstLines = (text: string): readonly string[] => linesOf(text).slice(0, MOST_LINES);
const lastLines = (text: string): readonly string[] => linesOf(text).slice(-MOST_LINES);

/** Seconds for people: `7.3 s`, `2:05 min`. */
function duration(seconds: number): string {
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return `${String(Math.floor(whole / 60))}:${String(whole % 60).padStart(2, '0')} min`;
}

function partLines(parts: readonly Part[], root: string): readonly string[] {
  const rows = parts.map((part) => {
    const tests = testsOf(part, root);
    const counted = tests.length === 0 ? '' : `${String(tests.length)} tests`;
    return [part.name, part.passed ? 'passed' : 'FAILED', duration(part.seconds), duration(part.cpuSeconds), counted];
  });
  const head = ['part', '', 'time', 'processors', ''];
  return [head, ...rows].map(([name = '', how = '', time = '', cpu = '', counted = '']) =>
    `  ${name.padEnd(14)}${how.padEnd(8)}${time.padStart(11)}${cpu.padStart(12)}   ${counted}`.trimEnd(),
  );
}

/** Everything that is to be said after a run, and whether all of it may count as success. */
export interface Verdict {
  readonly lines: readonly string[];
  readonly good: boolean;
}

/**
 * Says where the time went, which tests were slowest, why what failed did, and names each test that was skipped, with its
 * reason. A test that is skipped without one counts as a failure: it would be taken for success. What failed beside the
 * others and passed alone is told with its reason and counted: somebody must make it hold on a busy machine.
 * @param root the checkout, from which the files' names are told
 */
export function report(ran: readonly Part[], root: string): Verdict {
  const settled = ran.map(settle);
  const parts = settled.map(({ part }) => part);
  const shaky = settled.flatMap((one) => one.shaky);
  const tests = parts.flatMap((part) => testsOf(part, root));
  const skipped = tests.filter(({ status }) => status !== 'passed' && status !== 'failed');
  const reasonless = skipped.filter(({ title }) => !REASON.test(title));
  const broken = parts.reduce((sum, { tests: of }) => sum + (of?.numRuntimeErrorTestSuites ?? 0), 0);
  const failed = tests.filter(({ status }) => status === 'failed').length + broken;
  const slowest = [...tests].sort((a, b) => b.ms - a.ms).slice(0, SLOWEST);
  return {
    lines: [
      ...(slowest.length > 0 ? ['the slowest tests:'] : []),
      ...slowest.map(({ ms, file, title }) => `  ${duration(ms / 1_000).padStart(10)}  ${file}: ${title}`),
      'where the time went:',
      ...partLines(parts, root),
      ...skipped.map(({ file, title }) => skippedLine(file, title)),
      ...shaky.flatMap((one) => linesAbout('SHAKY (failed beside the others, passed alone)', one, root)),
      ...failureLines(parts, root),
      ...parts.filter(({ passed }) => !passed).map(({ name }) => `failed: ${name}`),
      `${String(tests.length - skipped.length - (failed - broken))} passed, ${String(failed)} failed, ${String(skipped.length)} skipped${shaky.length > 0 ? `, ${String(shaky.length)} of the passed at the second try` : ''}`,
    ],
    good: failed === 0 && reasonless.length === 0 && parts.every(({ passed }) => passed),
  };
}

function skippedLine(file: string, title: string): string {
  const why = REASON.exec(title)?.[1];
  const plain = title.replace(REASON, '').replace(/ {2,}/g, ' ');
  return why === undefined
    ? `skipped WITHOUT A REASON, which counts as failure: ${file}: ${title}`
    : `skipped (${why}): ${file}: ${plain}`;
}
