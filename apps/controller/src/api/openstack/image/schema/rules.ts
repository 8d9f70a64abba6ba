import { isOfLength, isStorable } from '../../../http';

/** The part of JSON Schema that Glance's schemas of images use. */
export interface Rule {
  readonly type: JsonType | readonly JsonType[];
  readonly description?: string;
  readonly readOnly?: boolean;
  readonly enum?: readonly (string | null)[];
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: { readonly type: JsonType; readonly maxLength?: number; readonly [keyword: string]: unknown };
  readonly is_base?: boolean;
}

/** Text without a length in Glance's schema has that of its database's columns, in characters. */
const MAX_TEXT = 65_535;

export type JsonType = 'string' | 'integer' | 'boolean' | 'array' | 'object' | 'null';

/** The first rule that a value breaks. */
export interface Violation {
  /** JSON Schema's word for the rule: `type`, `enum`, … */
  readonly keyword: string;
  readonly message: string;
  /** Where in the value, as Python writes it: empty, or `[0]` for an item. */
  readonly at: string;
  readonly value: unknown;
}

const isOf: Readonly<Record<JsonType, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  integer: (value) => Number.isInteger(value),
  boolean: (value) => typeof value === 'boolean',
  array: (value) => Array.isArray(value),
  object: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  null: (value) => value === null,
};

/** A value as Python would print it, since that is what Glance's messages show; long ones are cut. */
export function python(value: unknown): string {
  if (value === null || value === undefined) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'string') return `'${shortened(value).replaceAll("'", "\\'")}'`;
  if (Array.isArray(value)) return `[${value.slice(0, MAX_ITEMS).map(python).join(', ')}]`;
  if (typeof value === 'object') {
    const entries = Object.entries(value).slice(0, MAX_ITEMS);
    return `{${entries.map(([key, inner]) => `${python(key)}: ${python(inner)}`).join(', ')}}`;
  }
  return JSON.stringify(value);
}

const MAX_SHOWN = 256;
const MAX_ITEMS = 20;
const shortened = (text: string): string => (text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}...` : text);

/** What a value breaks of a rule; undefined when it keeps it. */
export function violation(value: unknown, rule: Rule): Violation | undefined {
  const found = (keyword: string, message: string): Violation => ({ keyword, message, at: '', value });
  const types = typeof rule.type === 'string' ? [rule.type] : rule.type;
  if (!types.some((type) => isOf[type](value))) {
    return found('type', `${python(value)} is not of type ${types.map(python).join(', ')}`);
  }
  if (rule.enum !== undefined && !rule.enum.some((allowed) => allowed === value)) {
    return found('enum', `${python(value)} is not one of [${rule.enum.map(python).join(', ')}]`);
  }
  if (typeof value === 'string') return textViolation(value, rule, found);
  if (typeof value === 'number') {
    const { minimum = value, maximum = value } = rule;
    if (value < minimum) return found('minimum', `${python(value)} is less than the minimum of ${String(minimum)}`);
    if (value > maximum) return found('maximum', `${python(value)} is greater than the maximum of ${String(maximum)}`);
  }
  return Array.isArray(value) && rule.items !== undefined ? itemViolation(value, rule.items) : undefined;
}

function textViolation(
  value: string,
  { maxLength, pattern }: Pick<Rule, 'maxLength' | 'pattern'>,
  found: (keyword: string, message: string) => Violation,
): Violation | undefined {
  if (!isStorable(value)) return found('pattern', `${python(value)} has characters that cannot be stored`);
  if (!isOfLength(value, 0, maxLength ?? MAX_TEXT)) return found('maxLength', `${python(value)} is too long`);
  if (pattern !== undefined && !new RegExp(pattern).test(value)) {
    return found('pattern', `${python(value)} does not match ${python(pattern)}`);
  }
  return undefined;
}

function itemViolation(values: readonly unknown[], items: NonNullable<Rule['items']>): Violation | undefined {
  for (const [i, value] of values.entries()) {
    const broken = violation(value, items);
    if (broken !== undefined) return { ...broken, at: `[${String(i)}]` };
  }
  return undefined;
}
