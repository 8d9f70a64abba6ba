import { limitsOf, type Quota } from '@cairn/domain';

import type { Rule } from './rule';

/** No reservation ever goes over a limit. */
export const quotaHolds: Rule = ({ event, ref, after }) => {
  if (ref.category !== 'quota' || event.type !== 'quota.reserved.v1') return undefined;
  const state = after as Quota;
  const limits = limitsOf(state);
  const over = (['instances', 'cores', 'ramMb'] as const).find(
    (resource) => limits[resource] >= 0 && state.usage[resource] > limits[resource],
  );
  if (over === undefined) return undefined;
  return `quota of ${ref.id}: ${String(state.usage[over])} of ${String(limits[over])} ${over}`;
};
