import type { Amounts } from '@cairn/domain';
import { badRequest } from '../shared/additional';
import { booleanOf, isInteger, shown } from '../shared/validators';
import { quotaNames } from './quota-names';

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
 * What a body of `PUT os-quota-sets/{id}` changes. Its fields depend on the microversion, so it is read by hand.
 * @throws HttpProblem 400 that names field, value and rule.
 */
export function quotaChanges(body: unknown, minor: number): QuotaChanges {
  const set = isObject(body) ? body['quota_set'] : undefined;
  if (!isObject(body) || !isObject(set)) throw invalid('quota_set', set, "'quota_set' is a required property");
  const other = Object.keys(body).find((key) => key !== 'quota_set');
  if (other !== undefined)
    throw badRequest(`Additional properties are not allowed ('${other.slice(0, 255)}' was unexpected)`);
  const names = quotaNames(minor);
  const limits: Record<string, number> = {};
  let force = false;
  for (const [name, value] of Object.entries(set)) {
    if (names.includes(name)) {
      if (!isInteger(value, -1, MAX)) throw invalid(name, value, `It must be an integer from -1 to ${String(MAX)}.`);
      limits[name] = Number(value);
    } else if (name === 'force') {
      const given = booleanOf(value);
      if (given === undefined) throw invalid(name, value, 'It must be true or false.');
      force = given;
    } else if (name !== 'tenant_id') {
      throw badRequest(`Additional properties are not allowed ('${name.slice(0, 255)}' was unexpected)`);
    }
  }
  return { limits, force };
}
