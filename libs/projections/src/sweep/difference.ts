import { isDeepStrictEqual } from 'node:util';
import type { Row } from '../projection';
import type { EntityOf } from '../runner/row-store';
import { valueOf } from '../runner/value-of';

/** A row that is not what its stream's events make. */
export interface Difference {
  readonly stream: string;
  readonly group: string;
  readonly entity: EntityOf;
  readonly key: string;
  readonly kind: 'missing' | 'unexplained' | 'wrong';
  /** The properties that differ, of a wrong row. */
  readonly columns: readonly string[];
}

/** A difference that was found, and what became of it. */
export interface Settled extends Difference {
  readonly mended: boolean;
}

type Rows = ReadonlyMap<string, Row>;

export const byKey = (rows: readonly Row[]): Rows => new Map(rows.map((row) => [row.id, row]));

/** What it takes to make rows what they should be. */
export interface Mending {
  readonly differences: readonly Pick<Difference, 'key' | 'kind' | 'columns'>[];
  readonly put: readonly Row[];
  readonly remove: readonly string[];
}

/** Compares the rows of one table that belong to one stream. */
export function compared(found: Rows, made: Rows): Mending {
  const differences: Pick<Difference, 'key' | 'kind' | 'columns'>[] = [];
  const put: Row[] = [];
  for (const [key, row] of made) {
    const there = found.get(key);
    const columns = there === undefined ? [] : differing(there, row);
    if (there !== undefined && columns.length === 0) continue;
    differences.push({ key, kind: there === undefined ? 'missing' : 'wrong', columns });
    put.push(row);
  }
  const remove = [...found.keys()].filter((key) => !made.has(key));
  for (const key of remove) differences.push({ key, kind: 'unexplained', columns: [] });
  return { differences, put, remove };
}

/** Properties in which two rows differ. What is undefined in a fold is null in a table. */
function differing(a: Row, b: Row): readonly string[] {
  const properties = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...properties].filter((name) => !isDeepStrictEqual(stored(valueOf(a, name)), stored(valueOf(b, name))));
}

const stored = (value: unknown): unknown =>
  value === undefined || value === null
    ? null
    : typeof value === 'object'
      ? (JSON.parse(JSON.stringify(value)) as unknown)
      : value;
