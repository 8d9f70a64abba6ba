import type { DataSource } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata';
import type { Row } from '../projection';
import type { Cells } from './session';

type Convert = (value: unknown) => unknown;

/** In place of a value that cannot be made of what is in the database; equal to no value that a row has. */
const UNREADABLE = Symbol('unreadable');

/** What to do about a value that cannot be read. */
export type OnUnreadable = 'throw' | 'mark';

const marking =
  (convert: Convert): Convert =>
  (value) => {
    try {
      return convert(value);
    } catch {
      return UNREADABLE;
    }
  };

/** Whether a column's value is the same in the row and in the database. */
export const isPlain = ({ type, transformer }: ColumnMetadata): boolean =>
  type !== 'boolean' && transformer === undefined;

/** Makes rows of found values that are in the order of these columns, with TypeORM's converters. */
export function rowMaker(
  { driver }: DataSource,
  columns: readonly ColumnMetadata[],
  onUnreadable: OnUnreadable = 'throw',
): (cells: Cells) => Row {
  const names = columns.map(({ propertyName }) => propertyName);
  const converted = columns.flatMap((column, i): [string, number, Convert][] => {
    if (isPlain(column)) return [];
    const convert = (value: unknown): unknown => driver.prepareHydratedValue(value, column) as unknown;
    return [[column.propertyName, i, onUnreadable === 'mark' ? marking(convert) : convert]];
  });
  // Copies of a parsed object keep its layout. One that is filled name by name becomes a hash table in V8, three times as
  // slow.
  const blank = JSON.parse(JSON.stringify(Object.fromEntries(names.map((name) => [name, null])))) as object;
  return (cells) => {
    const row: Record<string, unknown> = { ...blank };
    /* eslint-disable cairn/own-keys -- columns are the names of an entity's properties */
    for (let i = 0; i < names.length; i += 1) row[names[i] as string] = cells[i];
    for (const [name, i, convert] of converted) row[name] = convert(cells[i]);
    /* eslint-enable cairn/own-keys */
    return row as unknown as Row;
  };
}
