import { own, SERVER_GROUP_POLICIES, type ServerGroupRecord } from '@cairn/domain';
import { shown } from '../../../http';
import { badRequest, requireKnownFields } from '../shared/additional';
import { isInteger } from '../shared/validators';
import type { ServerGroupBody } from './server-group.dto';
import { RULES_SINCE } from './server-group.presenter';

const SOFT_SINCE = 15;
const MAX = 2 ** 31 - 1;
const FIELDS = { policies: { until: RULES_SINCE - 1 }, policy: { since: RULES_SINCE }, rules: { since: RULES_SINCE } };

type Policy = Pick<ServerGroupRecord, 'policy' | 'maxPerHost'>;

const invalid = (field: string, value: unknown, rule: string): Error =>
  badRequest(`Invalid input for field/attribute ${field}. Value: ${shown(value)}. ${rule}`);

/** The one policy of a group, in a list until 2.63; then with rules. @throws HttpProblem 400 in nova's words. */
export function policyOf(body: ServerGroupBody, minor: number): Policy {
  requireKnownFields(minor, body, FIELDS);
  if (minor < RULES_SINCE) return { policy: inList(body.policies, minor) };
  const policy = known('policy', body.policy, minor);
  if (body.policy === undefined) throw invalid('server_group', {}, "'policy' is a required property");
  const maxPerHost = rulesOf(body.rules);
  if (maxPerHost === undefined) return { policy };
  if (policy !== 'anti-affinity') throw badRequest('Only anti-affinity policy supports rules.');
  return { policy, maxPerHost };
}

function inList(policies: unknown, minor: number): Policy['policy'] {
  if (policies === undefined) throw invalid('server_group', {}, "'policies' is a required property");
  if (!Array.isArray(policies)) throw invalid('policies', policies, `${shown(policies)} is not of type 'array'`);
  const [given, more] = policies as readonly unknown[];
  if (policies.length === 0) throw invalid('policies', policies, '[] is too short');
  const policy = known('0', given, minor);
  if (policies.length > 1)
    throw invalid('policies', policies, `Additional items are not allowed (${shown(more)} was unexpected)`);
  return policy;
}

function known(field: string, given: unknown, minor: number): Policy['policy'] {
  const names = SERVER_GROUP_POLICIES.filter((policy) => minor >= SOFT_SINCE || !policy.startsWith('soft-'));
  const policy = names.find((one) => one === given);
  if (policy === undefined)
    throw invalid(field, given, `${shown(given)} is not one of [${names.map(shown).join(', ')}]`);
  return policy;
}

function rulesOf(rules: unknown): number | undefined {
  if (rules === undefined) return undefined;
  if (typeof rules !== 'object' || rules === null || Array.isArray(rules))
    throw invalid('rules', rules, `${shown(rules)} is not of type 'object'`);
  requireOnly('max_server_per_host', rules);
  const most = own(rules as Readonly<Record<string, unknown>>, 'max_server_per_host');
  if (most === undefined) return undefined;
  if (!isInteger(most, 1, MAX))
    throw invalid('max_server_per_host', most, `It must be an integer from 1 to ${String(MAX)}.`);
  return Number(most);
}

function requireOnly(name: string, rules: object): void {
  const other = Object.keys(rules).find((key) => key !== name);
  if (other !== undefined) throw badRequest(`Additional properties are not allowed (${shown(other)} was unexpected)`);
}
