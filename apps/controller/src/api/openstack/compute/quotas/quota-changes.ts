import { type Amounts, own } from '@cairn/domain';
import { shown } from '../../../http';
import { badRequest } from '../shared/additional';
import { booleanOf, isInteger } from '../shared/validators';

export interface QuotaChanges {
  readonly limits: Amounts;
  readonly force: boolean;
}

const MAX = 2 ** 31 - 1;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const invalid = (field: string, value: unknown, rule: string): Error =>
  badRequest(`Invalid input for field/attribute ${field}. Value: ${shown(value)}. ${rule}`);

/**
 * What a body of `PUT os-quota-sets/{id}` or of a class changes. Its fields depend on the microversion, so it is read by
 * hand.
 * @param field `quota_set` or `quota_class_set`.
 * @param names the resources that may be named.
 * @throws HttpProblem 400 that names field, value and rule.
 */
export function quotaChanges(body: unknown, field: string, names: readonly string[]): QuotaChanges {
  const set = isObject(body) ? own(body, field) : undefined;
  if (!isObject(body) || !isObject(set)) throw invalid(field, set, `'${field}' is a required property`);
  const other = Object.keys(body).find((key) => key !== field);
  if (other !== undefined)
    throw badRequest(`Additional properties are not allowed ('${other.slice(0, 255)}' was unexpected)`);
  const limits = new Map<string, number>();
  let force = false;
  for (const [name, value] of Object.entries(set)) {
    if (names.includes(name)) {
      if (!isInteger(value, -1, MAX)) throw invalid(name, value, `It must be an integer from -1 to ${String(MAX)}.`);
      limits.set(name, Number(value));
    } else if (name === 'force' && field === 'quota_set') {
      const given = booleanOf(value);
      if (given === undefined) throw invalid(name, value, 'It must be true or false.');
      force = given;
    } else if (name !== 'tenant_id' || field !== 'quota_set') {
      throw badRequest(`Additional properties are not allowed ('${name.slice(0, 255)}' was unexpected)`);
    }
  }
  return { limits: Object.fromEntries(limits), force };
}
