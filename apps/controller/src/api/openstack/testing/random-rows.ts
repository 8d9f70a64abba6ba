import fc from 'fast-check';
import type { Row } from '@cairn/projections';
import type { DataSource } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata';
import type { Asking, Condition } from '../../../application/lists';
import type { AnyList } from './lists';

/** Values by column: few, so that rows are often equal in a column, and so that filters find some. */
const VALUES: Readonly<Record<string, readonly unknown[]>> = {
  projectId: ['p1', 'p2'],
  userId: ['u1', 'u2'],
  domainId: ['default', 'other'],
  visibility: ['public', 'private', 'community', 'shared'],
  status: ['active', 'queued', 'deleted'],
  vmState: ['active', 'building', 'deleted'],
  taskState: ['rebooting', 'migrating'],
  tag: ['x', 'y', 'a', 'q"uo'],
  role: ['admin', 'member', 'reader'],
  ofController: [true, false],
  fixedIps: ['', ' 10.0.0.1 ', ' 10.0.0.2 10.0.0.1 ', ' fd00::1 '],
  tags: [[], ['x'], ['x', 'y'], ['y', 'q"uo,te']],
  properties: [{}, { colour: 'red' }, { colour: 'Red', os_hidden: 'true' }],
};

/** With cases, letters beyond ASCII and characters that UTF-16 sorts otherwise than UTF-8. */
const TEXTS = ['', 'a', 'B', 'b', 'ab', 'é', 'É', '\u{1F600}', '\uFFEE', 'a_b', 'a%b', 'active', 'nova'];
const MOMENTS = [
  '2026-01-01T00:00:00.000Z',
  '2026-01-01T00:00:00.400Z',
  '2026-01-01T00:00:01.000Z',
  '2026-01-02T03:04:05.678Z',
];

function valuesOf({ propertyName, type, transformer }: ColumnMetadata): readonly unknown[] {
  const known = VALUES[propertyName];
  if (known !== undefined) return known;
  if (type === 'boolean') return [true, false];
  if (type === 'double precision') return [0.5, 1, 1.5];
  if (type === 'integer' || type === 'bigint') return [0, 1, 2, 10];
  if (transformer !== undefined) return [{}];
  return /At$|Until$|From$/.test(propertyName) ? MOMENTS : TEXTS;
}

/** An id or a name that no other row has: some differ in case alone, and none is in the order of the rows. */
const uniqueText = (i: number): string => `${i % 2 === 0 ? 'k' : 'K'}${String((i * 7) % 10)}-${String(i)}`;

/** Less than a page of Glance's has, if it is not asked for another size. */
const MANY = { minLength: 8, maxLength: 24 };

/** Rows of a table. @param key what besides `id` each row has alone */
export function rowsOf(source: DataSource, entity: new () => Row, key: string): fc.Arbitrary<readonly Row[]> {
  const { columns } = source.getMetadata(entity);
  const cells = Object.fromEntries(
    columns.map((column) => {
      const values = column.isNullable ? [null, ...valuesOf(column)] : valuesOf(column);
      return [column.propertyName, fc.constantFrom(...values)];
    }),
  );
  return fc.array(fc.record(cells), MANY).map((rows) =>
    rows.map((row, i) => {
      const own = typeof row[key] === 'number' ? (i * 7) % 25 : uniqueText(i);
      return { ...row, id: uniqueText(i), [key]: own };
    }),
  );
}

function columnsOf(condition: Condition<Row>): readonly string[] {
  if (condition.is === 'all' || condition.is === 'any') return condition.of.flatMap(columnsOf);
  if (condition.is === 'not') return columnsOf(condition.of);
  return 'column' in condition ? [condition.column] : [];
}

/** Rows for a list that is not of a table: with the columns that its filters and its order name. */
export function plainRows({ key, filters, sorting }: AnyList): fc.Arbitrary<readonly Row[]> {
  const asking = { query: new Map() } as unknown as Asking; // no filter of such a list looks at more of a request
  const filtered = Object.entries(filters).flatMap(([name, filter]) => {
    const [value = ''] = name.startsWith('changes-') ? MOMENTS : ['a'];
    const criterion = filter.read({ name, value, values: [value], asking });
    return criterion.is === 'matched' ? [] : columnsOf(criterion);
  });
  const columns = [...filtered, ...sorting.usual.map(({ column }) => column)];
  const row = fc.record(
    Object.fromEntries(columns.map((column) => [column, fc.constantFrom(...(VALUES[column] ?? TEXTS))])),
  );
  return fc.array(row, MANY).map((rows) => rows.map((each, i) => ({ ...each, [key]: uniqueText(i) })));
}

/** What queries ask for, for filters of every kind. */
export const WORDS: readonly string[] = [
  ...TEXTS.slice(0, 8),
  ...['p1', 'p2', 'u1', 'default', 'true', 'false', 'none', '0', '1', '2', '10', 'x', 'x,y', 'red', 'queued', 'admin'],
  ...[
    'deleted',
    'reboot',
    'BUILD',
    'nonsense',
    'all',
    'public',
    'shared',
    'in:a,"b"',
    'in:a,"b',
    '^a',
    'b$',
    '(',
    'a|b',
  ],
  ...['10.0.0.1', 'fd00', '2026-01-01T00:00:00Z', 'gt:2026-01-01T00:00:00Z', 'lte:2026-01-01T00:00:01Z', 'near:2026'],
];
