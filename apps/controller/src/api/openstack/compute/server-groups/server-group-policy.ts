import { own, SERVER_GROUP_POLICIES, type ServerGroupRecord } from '@cairn/domain';
import { isObject, shown } from '../../../http';
import { badRequest, invalidField, requireKnown, requireKnownFields } from '../shared/additional';
import { isInteger } from '../shared/validators';
import type { ServerGroupBody } from './server-group.dto';
import { RULES_SINCE } from './server-group.presenter';

const SOFT_SINCE = 15;
const MAX = 2 ** 31 - 1;
const FIELDS = { policies: { until: RULES_SINCE - 1 }, policy: { since: RULES_SINCE }, rules: { since: RULES_SINCE } };

type Policy = Pick<ServerGroupRecord, 'policy' | 'maxPerHost'>;

/** The one policy of a group, in a list until 2.63; then with rules. @throws HttpProblem 400 in nova's words. */
export function policyOf(body: ServerGroupBody, minor: number): Policy {
  requireKnownFields(minor, body, FIELDS);
  if (minor < RULES_SINCE) return { policy: inList(body.policies, minor) };
  const policy = known('policy', body.policy, minor);
  if (body.policy === undefined) throw invalidField('server_group', {}, "'policy' is a required property");
  const maxPerHost = rulesOf(body.rules);
  if (maxPerHost === undefined) return { policy };
  if (policy !== 'anti-affinity') throw badRequest('Only anti-affinity policy supports rules.');
  return { policy, maxPerHost };
}

function inList(policies: unknown, minor: number): Policy['policy'] {
  if (policies === undefined) throw invalidField('server_group', {}, "'policies' is a required property");
  if (!Array.isArray(policies)) throw invalidField('policies', policies, `${shown(policies)} is not of type 'array'`);
  const [given, more] = policies as readonly unknown[];
  if (policies.length === 0) throw invalidField('policies', policies, '[] is too short');
  const policy = known('0', given, minor);
  if (policies.length > 1)
    throw invalidField('policies', policies, `Additional items are not allowed (${shown(more)} was unexpected)`);
  return policy;
}

function known(field: string, given: unknown, minor: number): Policy['policy'] {
  const names = SERVER_GROUP_POLICIES.filter((policy) => minor >= SOFT_SINCE || !policy.startsWith('soft-'));
  const policy = names.find((one) => one === given);
  if (policy === undefined)
    throw invalidField(field, given, `${shown(given)} is not one of [${names.map(shown).join(', ')}]`);
  return policy;
}

function rulesOf(rules: unknown): number | undefined {
  if (rules === undefined) return undefined;
  if (!isObject(rules)) throw invalidField('rules', rules, `${shown(rules)} is not of type 'object'`);
  requireKnown(Object.keys(rules), ['max_server_per_host']);
  const most = own(rules, 'max_server_per_host');
  if (most === undefined) return undefined;
  if (!isInteger(most, 1, MAX))
    throw invalidField('max_server_per_host', most, `It must be an integer from 1 to ${String(MAX)}.`);
  return Number(most);
}
