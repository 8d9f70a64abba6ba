import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EntityOf } from './runner/row-store';
import { LogHistoryRow } from './runner/rows';
import { entities } from './schema';
import { type Dialect, tableSql } from './table-sql';

const SCHEMA = join(__dirname, '../schema.sql');
const RELEASED = join(__dirname, '../released/0.1.0/tables.sql');
/** Set by `npm run docs`, which writes the file instead of comparing it. */
const WRITING = process.env['CAIRN_WRITE_DOCS'] === 'yes';

const HEAD = `-- The tables of all read models as PostgreSQL gets them; SQLite's are the same without COLLATE. Generated from the row
-- classes by \`npm run docs\`, so that a review shows what changes; nothing reads this file.
`;

const all = (dialect: Dialect): readonly string[] => entities.flatMap((entity) => tableSql(entity, dialect));

/** One column or clause a line. */
const laidOut = (statement: string): string =>
  statement.startsWith('CREATE TABLE')
    ? `${statement
        .replace(' (', ' (\n  ')
        .replaceAll(/, (?=PRIMARY|\w+ [a-z])/g, ',\n  ')
        .replace(/\)$/, '\n)')};\n`
    : `${statement};\n`;

describe('the statements that make the tables', () => {
  it('are those of schema.sql (npm run docs writes it)', () => {
    const text = HEAD + all('postgres').map(laidOut).join('');
    if (WRITING) writeFileSync(SCHEMA, text);
    else expect(readFileSync(SCHEMA, 'utf8')).toBe(text);
  });

  it('differ between the databases in COLLATE alone', () => {
    expect(all('postgres').map((statement) => statement.replaceAll(' COLLATE "C"', ''))).toEqual(all('sqlite'));
  });

  it('are to the byte those of 0.1.0, which were written by hand, for every table of 0.1.0 that is still made', () => {
    const released = readFileSync(RELEASED, 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('CREATE') && !line.includes('"migrations"'))
      .map((line) => line.replace(/;$/, ''));
    const table = (statement: string): string => /^CREATE (?:TABLE|INDEX \w+ ON) (\w+)/.exec(statement)?.[1] ?? '';
    const made = all('sqlite');
    const kept = new Set(made.map(table));
    const tables = new Set(released.map(table));
    expect(made.filter((statement) => tables.has(table(statement))).sort()).toEqual(
      released.filter((statement) => kept.has(table(statement))).sort(),
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
