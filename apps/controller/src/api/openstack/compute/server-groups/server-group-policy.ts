import { SERVER_GROUP_POLICIES, type ServerGroupPolicy } from '@cairn/domain';
import { shown } from '../../../http';
import { badRequest } from '../shared/additional';

const SOFT_SINCE = 15;

/** The one policy of a list, which nova has as a list until 2.63. @throws HttpProblem 400 in nova's words. */
export function policyOf(policies: readonly unknown[], minor: number): ServerGroupPolicy {
  const known = SERVER_GROUP_POLICIES.filter((policy) => minor >= SOFT_SINCE || !policy.startsWith('soft-'));
  const [given, more] = policies;
  const invalid = (field: string, value: unknown, rule: string): Error =>
    badRequest(`Invalid input for field/attribute ${field}. Value: ${shown(value)}. ${rule}`);
  if (policies.length === 0) throw invalid('policies', policies, '[] is too short');
  const policy = known.find((one) => one === given);
  if (policy === undefined) throw invalid('0', given, `${shown(given)} is not one of [${known.map(shown).join(', ')}]`);
  if (policies.length > 1)
    throw invalid('policies', policies, `Additional items are not allowed (${shown(more)} was unexpected)`);
  return policy;
}
