import type { DataSource, QueryRunner } from 'typeorm';

/** PostgreSQL's texts hold every character but this one; SQLite's hold it, too. */
const NUL = '\u0000';

/** What stands for it, in rows and in questions: the character that says that one is missing. */
const MISSING = '\uFFFD';

export const storable = (text: string): string => (text.includes(NUL) ? text.replaceAll(NUL, MISSING) : text);

/** A parameter as it can be asked for. */
export const asked = (value: unknown): unknown => (typeof value === 'string' ? storable(value) : value);

/** Lets clients ask for anything: a text that cannot be stored is looked for as it would be stored. */
export function askingStorable(source: DataSource): DataSource {
  const { driver } = source;
  const create = driver.createQueryRunner.bind(driver);
  driver.createQueryRunner = (mode): QueryRunner => {
    const runner = create(mode);
    const query = runner.query.bind(runner) as (...given: readonly unknown[]) => Promise<unknown>;
    const safe = (sql: string, parameters?: readonly unknown[], structured?: boolean): Promise<unknown> =>
      query(sql, parameters?.map(asked), structured);
    runner.query = safe as QueryRunner['query'];
    return runner;
  };
  return source;
}
