import { z } from 'zod';

/** The language of nova's JsonFilter: an operator and its operands in a list, which may be lists. */
type Operand = string | number | boolean | null;
export type Query = Operand | readonly Query[];

/** Of a host's attribute. */
export type Lookup = (path: readonly string[]) => unknown;

type Compare = (first: unknown, other: unknown) => boolean;

const inOrder =
  (holds: (order: number) => boolean): Compare =>
  (first, other) => {
    if (typeof first === 'string' && typeof other === 'string')
      return holds(first < other ? -1 : Number(first > other));
    return typeof first === 'number' && typeof other === 'number' && holds(first - other);
  };

const COMPARES: Readonly<Record<string, Compare>> = {
  '=': (first, other) => first === other,
  '<': inOrder((order) => order < 0),
  '>': inOrder((order) => order > 0),
  '<=': inOrder((order) => order <= 0),
  '>=': inOrder((order) => order >= 0),
};

/** Each answers for the values of the operands; `not` gives a list, one answer for each, and one that is true is enough. */
const OPERATORS: ReadonlyMap<string, (values: readonly unknown[]) => unknown> = new Map<
  string,
  (values: readonly unknown[]) => unknown
>([
  ...Object.entries(COMPARES).map(([name, compare]): [string, (values: readonly unknown[]) => unknown] => [
    name,
    ([first, ...others]) => others.length > 0 && others.every((other) => compare(first, other)),
  ]),
  ['in', ([first, ...others]) => others.includes(first)],
  ['not', (values) => values.map((value) => !truthOf(value))],
  ['and', (values) => values.every(truthOf)],
  ['or', (values) => values.some(truthOf)],
]);

const MOST_LEVELS = 16;
const MOST_CHARACTERS = 4096;

function levelsOf(query: unknown, level = 0): number {
  if (!Array.isArray(query) || level > MOST_LEVELS) return level;
  return Math.max(level + 1, ...query.map((part) => levelsOf(part, level + 1)));
}

const query: z.ZodType<Query> = z.lazy(() =>
  z.union([
    z.string(),
    z.number(),
    z.boolean(),
    z.null(),
    z.tuple([z.string().refine((name) => OPERATORS.has(name))], query),
    z.tuple([]),
  ]),
);

/** The query that a text holds; undefined for a text that holds none, or one that is too large. */
export function parseQuery(text: string): Query | undefined {
  if (text.length > MOST_CHARACTERS) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (levelsOf(value) > MOST_LEVELS) return undefined;
  const parsed = query.safeParse(value);
  return parsed.success ? parsed.data : undefined;
}

/** An empty list asks for nothing. */
export const holds = (asked: Query, lookup: Lookup): boolean => truthOf(valueOf(asked, lookup));

function valueOf(asked: Query, lookup: Lookup): unknown {
  if (typeof asked === 'string') return asked.startsWith('$') ? lookup(asked.slice(1).split('.')) : asked;
  if (!isList(asked)) return asked;
  const [operator, ...operands] = asked;
  if (operator === undefined) return true;
  const operate = OPERATORS.get(String(operator));
  return operate?.(operands.map((operand) => valueOf(operand, lookup))) ?? false;
}

const isList = (asked: Query): asked is readonly Query[] => Array.isArray(asked);

/** As in Python: of a list, whether one of its values is true; nothing, zero and an empty text are false. */
function truthOf(value: unknown): boolean {
  return Array.isArray(value) ? value.some(truthOf) : Boolean(value);
}
