import type { ValidationError } from 'class-validator';
import { excerptOf } from './excerpt';

const MAX_SHOWN = 256;
const SECRET = /pass|secret|key|token|user_data/i;

/** A value as an error may show it to who sent it: short, and without what else in it is secret. */
function shown(field: string, value: unknown): string {
  if (value === undefined) return 'None';
  if (SECRET.test(field)) return '***';
  return excerptOf(value, MAX_SHOWN, (key) => SECRET.test(key));
}

interface Fault {
  readonly path: readonly string[];
  readonly error: ValidationError;
}

/** The first error of the tree that has a rule of its own. */
function deepest(errors: readonly ValidationError[], path: readonly string[]): Fault | undefined {
  for (const error of errors) {
    const here = [...path, error.property];
    if (error.constraints !== undefined) return { path: here, error };
    const below = deepest(error.children ?? [], here);
    if (below !== undefined) return below;
  }
  return undefined;
}

const valueAt = (body: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined,
    body,
  );

/** Nova's words (26.1, `_SchemaValidator.validate`): the last part of the path, its value, the rule. */
const atField = (body: unknown, path: readonly string[], rule: string): string => {
  const field = path.at(-1);
  if (field === undefined) return rule;
  return `Invalid input for field/attribute ${field}. Value: ${shown(field, valueAt(body, path))}. ${rule}`;
};

/** The fault of a body, with field, value and rule. One fault at a time, as OpenStack's services do. */
export function firstFault(errors: readonly ValidationError[], body: unknown): string {
  const fault = deepest(errors, []);
  if (fault === undefined) return 'Malformed request body';
  const { path, error } = fault;
  if (error.value === undefined) return atField(body, path.slice(0, -1), `'${error.property}' is a required property`);
  return atField(body, path, Object.values(error.constraints ?? {})[0] ?? 'is not valid');
}

/** The fault of a body that has a field which may not be there. @param path leads to the object that has it. */
export const unexpectedField = (body: unknown, path: readonly string[], name: string): string =>
  atField(body, path, `Additional properties are not allowed ('${name.slice(0, MAX_SHOWN)}' was unexpected)`);
