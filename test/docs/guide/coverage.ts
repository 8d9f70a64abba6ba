import { basename } from 'node:path';

import { IN_TURN } from '../../rotation/files';
import { REAL_GUESTS } from '../../support/real-guests';
import { importsOf, provingTests } from './find-tests';
import { issueOf, type Row } from './rows';

/** A file of tests: its path relative to the checkout, and its text. */
export interface TestFile {
  readonly path: string;
  readonly text: string;
}

/** A test that proves a row, and the part of `./cairn test` in which it runs. */
interface Proof {
  readonly row: number;
  readonly file: string;
  readonly title: string;
  readonly runs: string;
}

const wholeCloud = (path: string): string => basename(path, '.e2e.spec.ts');

/** The part of `./cairn test` that runs a file. */
function partOf(path: string): string {
  const [, kind] = /\.(int|e2e|sim|postgres)\.spec\.ts$/.exec(path) ?? [];
  if (kind === 'int') return path.startsWith('apps/agent/') ? 'host' : 'integration';
  if (kind === 'e2e' && REAL_GUESTS.includes(wholeCloud(path))) return 'guests';
  return kind ?? 'unit';
}

/** The parts that run the tests of a contract: those of the files that import it. */
function partsOfContract(path: string, files: readonly TestFile[]): string {
  const module = path.replace(/\.ts$/, '');
  const users = files.filter(
    (file) => file.path.endsWith('.spec.ts') && importsOf(file.path, file.text).includes(module),
  );
  return [...new Set(users.map((file) => partOf(file.path)))].sort().join(' and ');
}

function proofsOf(file: TestFile, files: readonly TestFile[]): readonly Proof[] {
  const { path, text } = file;
  if (!text.includes('[guide ')) return [];
  const part = path.endsWith('.contract.ts') ? partsOfContract(path, files) : partOf(path);
  const takesTurns = [...IN_TURN.guests, ...IN_TURN.e2e].includes(wholeCloud(path));
  return provingTests(path, text).flatMap(({ rows, title, rotates }) =>
    rows.map((row) => ({ row, file: path, title, runs: `${rotates || takesTurns ? 'rotating' : 'short'} (${part})` })),
  );
}

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

const inCell = (text: string): string => text.replaceAll('|', '\\|');

/** The text of each generated block of the page. */
export type GuideCoverage = Readonly<Record<'summary' | 'proved' | 'unproved', string>>;

/**
 * Which rows the tests of these files prove, for `docs/guide-coverage.md`.
 * @throws Error for a tag with the number of no row
 */
export function guideCoverage(rows: readonly Row[], files: readonly TestFile[]): GuideCoverage {
  const proofs = files.flatMap((file) => proofsOf(file, files));
  const known = new Set(rows.map(([number]) => number));
  const unknown = proofs.filter(({ row }) => !known.has(row));
  if (unknown.length > 0)
    throw new Error(`no such rows: ${unknown.map(({ row, file }) => `${String(row)} in ${file}`).join(', ')}`);
  const of = (number: number): readonly Proof[] => proofs.filter(({ row }) => row === number);
  const proved = rows.filter(([number]) => of(number).length > 0);
  const open = rows.filter(([number]) => of(number).length === 0);
  const issue = (number: number): string => {
    const found = issueOf(number);
    return found === undefined ? 'none yet' : String(found);
  };
  return {
    summary: `${String(proved.length)} of ${String(rows.length)} rows are proved, by ${String(new Set(proofs.map(({ file, title }) => `${file} ${title}`)).size)} tests.`,
    proved: table(
      ['Row', 'About', 'Proved by', 'Runs'],
      proved.flatMap(([number, about]) =>
        of(number).map(({ file, title, runs }, i) => [
          ...(i === 0 ? [String(number), about] : ['', '']),
          `\`${file}\`: ${inCell(title)}`,
          runs,
        ]),
      ),
    ),
    unproved: table(
      ['Row', 'About', 'Issue'],
      open.map(([number, about]) => [String(number), about, issue(number)]),
    ),
  };
}
