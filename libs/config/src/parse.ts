import type { z } from 'zod';

/** A configuration that cannot be used: a line for each wrong setting, in words for the operator. */
export class ConfigError extends Error {}

interface Manner {
  /** Settings whose values no message may show. */
  readonly hidden?: readonly string[];
}

/** What a schema makes of a value. @throws ConfigError that names each wrong setting, its value and what is right */
export function parsed<S extends z.ZodType>(schema: S, value: unknown, { hidden = [] }: Manner = {}): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new ConfigError(result.error.issues.flatMap((issue) => complaints(issue, value, hidden)).join('\n'));
}

function complaints(issue: z.core.$ZodIssue, value: unknown, hidden: readonly string[]): readonly string[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => `${named([...issue.path, key])} is not a known setting.`);
  const [name, must] = [named(issue.path), innermost(issue).message];
  const given = issue.path.reduce(within, value);
  if (issue.path.length === 0 || hidden.includes(name) || isOfSeveral(issue)) return [`${name} ${must}.`];
  return given === undefined
    ? [`${name} is missing: it ${must}.`]
    : [`${name} is ${JSON.stringify(given)}: it ${must}.`];
}

/** The value of a key; what is no object has none. */
const within = (value: unknown, key: PropertyKey): unknown =>
  new Map<PropertyKey, unknown>(Object.entries(Object(value) as object)).get(String(key));

/** What refuse() adds: the message is about several settings, or must not show the value. */
const isOfSeveral = (issue: z.core.$ZodIssue): boolean =>
  issue.code === 'custom' && issue.params?.['concerns'] === 'more';

/** Of a choice of schemas the complaint of the first. */
function innermost(issue: z.core.$ZodIssue): z.core.$ZodIssue {
  const first = issue.code === 'invalid_union' ? issue.errors[0]?.[0] : undefined;
  return first === undefined ? issue : innermost(first);
}

function named(path: readonly PropertyKey[]): string {
  if (path.length === 0) return 'The configuration';
  return path
    .map((key, i) => (typeof key === 'number' ? `[${String(key)}]` : `${i === 0 ? '' : '.'}${String(key)}`))
    .join('');
}
