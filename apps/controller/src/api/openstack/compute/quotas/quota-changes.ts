import { type Amounts, own } from '@cairn/domain';
import { isObject } from '../../../http';
import { invalidField, requireKnown, unexpected } from '../shared/additional';
import { booleanOf, isInteger } from '../shared/validators';

export interface QuotaChanges {
  readonly limits: Amounts;
  readonly force: boolean;
}

const MAX = 2 ** 31 - 1;

/**
 * What a body of `PUT os-quota-sets/{id}` or of a class changes. Its fields depend on the microversion, so it is read by
 * hand.
 * @param field `quota_set` or `quota_class_set`.
 * @param names the resources that may be named.
 * @throws HttpProblem 400 that names field, value and rule.
 */
export function quotaChanges(body: unknown, field: string, names: readonly string[]): QuotaChanges {
  const set = isObject(body) ? own(body, field) : undefined;
  if (!isObject(body) || !isObject(set)) throw invalidField(field, set, `'${field}' is a required property`);
  requireKnown(Object.keys(body), [field]);
  const limits = new Map<string, number>();
  let force = false;
  for (const [name, value] of Object.entries(set)) {
    if (names.includes(name)) {
      if (!isInteger(value, -1, MAX))
        throw invalidField(name, value, `It must be an integer from -1 to ${String(MAX)}.`);
      limits.set(name, Number(value));
    } else if (name === 'force' && field === 'quota_set') {
      const given = booleanOf(value);
      if (given === undefined) throw invalidField(name, value, 'It must be true or false.');
      force = given;
    } else if (name !== 'tenant_id' || field !== 'quota_set') {
      throw unexpected(name);
    }
  }
  return { limits: Object.fromEntries(limits), force };
}
