import { Column, type ColumnOptions, PrimaryColumn, type ValueTransformer } from 'typeorm';

/**
 * The few kinds of columns that read models are made of, the same on SQLite and PostgreSQL. Column names are the
 * properties' in snake_case. A property is nullable in the database when its kind is declared so here.
 */
interface Nullable {
  readonly nullable?: boolean;
}

/** `projectId` -> `project_id`, `sha256` -> `sha256`. */
const snakeCase = (property: string): string => property.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const parsed: ValueTransformer = {
  to: (value: unknown) => (value === null || value === undefined ? null : JSON.stringify(value)),
  from: (text: unknown) => (typeof text === 'string' ? (JSON.parse(text) as unknown) : null),
};

/** PostgreSQL's driver gives 64-bit integers as text; those kept here are sizes, below 2^53. */
const counted: ValueTransformer = {
  to: (value: unknown) => value,
  from: (value: unknown) => (value === null || value === undefined ? null : Number(value)),
};

/** Text compares byte by byte in both databases; SQLite knows no other way and does not look at this. */
const COLLATED = { collation: 'C' } as const;

const column =
  (kind: ColumnOptions, { nullable = false }: Nullable = {}): PropertyDecorator =>
  (target, property) => {
    Column({ ...kind, name: snakeCase(String(property)), nullable })(target, property);
  };

/** The row's key. Every read model has exactly one such column, named `id`. */
export const Key = (): PropertyDecorator => PrimaryColumn({ type: 'varchar', length: 512, ...COLLATED });

/** An id of something else, or a short word of ours. */
export const Id = (options?: Nullable): PropertyDecorator =>
  column({ type: 'varchar', length: 255, ...COLLATED }, options);

/** Text that people wrote. */
export const Text = (options?: Nullable): PropertyDecorator => column({ type: 'text', ...COLLATED }, options);

/** A number that fits in 32 bits with sign. */
export const Int = (options?: Nullable): PropertyDecorator => column({ type: 'integer' }, options);

/** A size that may be beyond 32 bits, up to 2^53. */
export const Size = (options?: Nullable): PropertyDecorator =>
  column({ type: 'bigint', transformer: counted }, options);

/** A fraction that is shown, not computed with. */
export const Real = (options?: Nullable): PropertyDecorator => column({ type: 'double precision' }, options);

export const Flag = (): PropertyDecorator => column({ type: 'boolean' });

/** ISO 8601 in UTC with milliseconds: compares as text (the domain's `Instant`). */
export const Time = (options?: Nullable): PropertyDecorator =>
  column({ type: 'varchar', length: 32, ...COLLATED }, options);

/** A document, as JSON text in the database and as its value in the row. */
export const Json = (options?: Nullable): PropertyDecorator =>
  column({ type: 'text', transformer: parsed, ...COLLATED }, options);

/** A position in the log, as text of 20 digits: compares as text, loses nothing. */
export const LogPosition = (): PropertyDecorator => column({ type: 'varchar', length: 20, ...COLLATED });
