import { HttpProblem, isLine, isOfLength } from '../../../http';
import { ruleOf } from './properties';
import { python, violation, type Violation } from './rules';

/** glance.common.exception.InvalidObject with jsonschema's words, which name the field and what it was. */
const notTheSchema = (path: string, { keyword, message, at, value }: Violation): HttpProblem => {
  const schema = path === '' ? 'schema' : `schema['properties']['${path}']`;
  const instance = path === '' ? 'instance' : `instance['${path}']${at}`;
  return new HttpProblem(
    400,
    `Provided object does not match schema 'image': ${message}\n\n` +
      `Failed validating '${keyword}' in ${schema}\n\nOn ${instance}:\n    ${python(value)}`,
  );
};

/** @throws HttpProblem 400 naming the property when its value is not what Glance's schema says. */
export function requireProperty(name: string, value: unknown): void {
  if (!isOfLength(name, 0, MAX_NAME)) {
    throw new HttpProblem(400, `Custom property should not be greater than ${String(MAX_NAME)} characters.`);
  }
  if (name === '') throw new HttpProblem(400, 'A property must have a name.');
  const broken =
    unlessLine(name) ?? violation(value, ruleOf(name)) ?? textsIn(name, value).map(unlessLine).find(isBroken);
  if (broken !== undefined) throw notTheSchema(name, broken);
}

const MAX_NAME = 255;

/** The names and tags in the value of a property; other values may be any text. */
const textsIn = (name: string, value: unknown): readonly unknown[] =>
  name === 'name' ? [value] : name === 'tags' ? (value as readonly unknown[]) : [];

/** What is wrong with a name, tag or key: it is one line, as in every service. */
const unlessLine = (value: unknown): Violation | undefined =>
  typeof value !== 'string' || isLine(value)
    ? undefined
    : {
        keyword: 'pattern',
        message: `${python(value)} has characters that are not printable, or blanks at an end`,
        at: '',
        value,
      };

const isBroken = (broken: Violation | undefined): broken is Violation => broken !== undefined;

/** @throws HttpProblem 400 unless the body is a JSON object. */
export function requireObject(body: unknown): Readonly<Record<string, unknown>> {
  if (body === undefined) throw new HttpProblem(400, 'Body expected in request.');
  const broken = violation(body, { type: 'object' });
  if (broken !== undefined) throw notTheSchema('', broken);
  return body as Readonly<Record<string, unknown>>;
}
