import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EntityOf } from './runner/row-store';
import { LogHistoryRow } from './runner/rows';
import { entities } from './schema';
import { type Dialect, tableSql } from './table-sql';

const SCHEMA = join(__dirname, '../schema');
const RELEASED = join(__dirname, '../released/0.1.0/tables.sql');
/** Set by `npm run docs`, which writes the files instead of comparing them. */
const WRITING = process.env['CAIRN_WRITE_DOCS'] === 'yes';

const all = (dialect: Dialect): readonly string[] => entities.flatMap((entity) => tableSql(entity, dialect));

/** One column or clause a line. */
const laidOut = (statement: string): string =>
  statement.startsWith('CREATE TABLE')
    ? `${statement
        .replace(' (', ' (\n  ')
        .replaceAll(/, (?=PRIMARY|\w+ [a-z])/g, ',\n  ')
        .replace(/\)$/, '\n)')};\n`
    : `${statement};\n`;

const tableOf = (statement: string): string => /^CREATE (?:TABLE|INDEX \w+ ON) (\w+)/.exec(statement)?.[1] ?? '';

/** Each table with its indexes as PostgreSQL gets it, by the name of its file. */
function schema(): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const statement of all('postgres')) {
    const file = `${tableOf(statement)}.sql`;
    files.set(file, (files.get(file) ?? '') + laidOut(statement));
  }
  return files;
}

const written = (): ReadonlyMap<string, string> =>
  new Map(readdirSync(SCHEMA).map((file) => [file, readFileSync(join(SCHEMA, file), 'utf8')]));

function write(files: ReadonlyMap<string, string>): void {
  rmSync(SCHEMA, { recursive: true, force: true });
  mkdirSync(SCHEMA);
  for (const [file, text] of files) writeFileSync(join(SCHEMA, file), text);
}

describe('the statements that make the tables', () => {
  it('are those of the folder schema (npm run docs writes it)', () => {
    if (WRITING) write(schema());
    else expect(written()).toEqual(schema());
  });

  it('differ between the databases in COLLATE alone', () => {
    expect(all('postgres').map((statement) => statement.replaceAll(' COLLATE "C"', ''))).toEqual(all('sqlite'));
  });

  it('are to the byte those of 0.1.0, which were written by hand, for every table of 0.1.0 that is still made', () => {
    const released = readFileSync(RELEASED, 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('CREATE') && !line.includes('"migrations"'))
      .map((line) => line.replace(/;$/, ''));
    const made = all('sqlite');
    const kept = new Set(made.map(tableOf));
    const tables = new Set(released.map(tableOf));
    expect(made.filter((statement) => tables.has(tableOf(statement))).sort()).toEqual(
      released.filter((statement) => kept.has(tableOf(statement))).sort(),
    );
    expect(tableSql(LogHistoryRow as EntityOf, 'sqlite')).toHaveLength(1);
  });

  it('are refused for a class that is no table', () => {
    expect(() =>
      tableSql(
        class {
          readonly id = '';
        },
        'sqlite',
      ),
    ).toThrow('is no table');
  });
});
