import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const PASSING = join(__dirname, 'passing.txt');
const ABSENT = join(__dirname, 'absent.tsv');

/** Tests that do not pass, and why. */
export interface Absence {
  /** A test, a class, a module or a package: `tempest.api.network` stands for everything in it. */
  readonly name: string;
  readonly reason: string;
}

/** What the repository says of Tempest's tests. A test in the passing list must pass, even if the other list names its class. */
export interface Lists {
  readonly passing: ReadonlySet<string>;
  readonly absent: readonly Absence[];
}

const linesOf = (text: string): readonly string[] =>
  text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));

const headOf = (text: string): string =>
  text
    .split('\n')
    .filter((line) => line.startsWith('#'))
    .map((line) => `${line}\n`)
    .join('');

/** @throws Error for a line of absent.tsv that has no reason. */
export function readAbsent(text: string): readonly Absence[] {
  return linesOf(text).map((line) => {
    const [name = '', reason = ''] = line.split('\t');
    if (name === '' || reason === '')
      throw new Error(`absent.tsv: a name, a tab and a reason are needed, not "${line}"`);
    return { name, reason };
  });
}

export function readLists(): Lists {
  return {
    passing: new Set(linesOf(readFileSync(PASSING, 'utf8'))),
    absent: readAbsent(readFileSync(ABSENT, 'utf8')),
  };
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Writes both lists, sorted; what stands at the head of the files stays. */
export function writeLists({ passing, absent }: Lists): void {
  const rows = [...absent].sort((a, b) => byText(a.name, b.name)).map(({ name, reason }) => `${name}\t${reason}\n`);
  const names = [...passing].sort(byText).map((name) => `${name}\n`);
  writeFileSync(ABSENT, headOf(readFileSync(ABSENT, 'utf8')) + rows.join(''));
  writeFileSync(PASSING, headOf(readFileSync(PASSING, 'utf8')) + names.join(''));
}

/** The entry that says most exactly why a test is absent. */
export function absenceOf(test: string, absent: readonly Absence[]): Absence | undefined {
  return absent
    .filter(({ name }) => test === name || test.startsWith(`${name}.`))
    .reduce<Absence | undefined>(
      (best, next) => (best !== undefined && best.name.length > next.name.length ? best : next),
      undefined,
    );
}
