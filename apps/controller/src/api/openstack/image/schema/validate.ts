import { HttpProblem } from '../../../http';
import { ruleOf } from './properties';
import { lengthOf, python, violation, type Violation } from './rules';

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
  if (lengthOf(name) > MAX_NAME) {
    throw new HttpProblem(400, `Custom property should not be greater than ${String(MAX_NAME)} characters.`);
  }
  const broken = violation(name, { type: 'string' }) ?? violation(value, ruleOf(name));
  if (broken !== undefined) throw notTheSchema(name, broken);
}

const MAX_NAME = 255;

/** @throws HttpProblem 400 unless the body is a JSON object. */
export function requireObject(body: unknown): Readonly<Record<string, unknown>> {
  if (body === undefined) throw new HttpProblem(400, 'Body expected in request.');
  const broken = violation(body, { type: 'object' });
  if (broken !== undefined) throw notTheSchema('', broken);
  return body as Readonly<Record<string, unknown>>;
}
