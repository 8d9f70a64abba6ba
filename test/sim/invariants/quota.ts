import { limitOf, type Quota } from '@cairn/domain';

import type { Rule } from './rule';

/** No reservation ever goes over a limit. */
export const quotaHolds: Rule = ({ event, ref, after }) => {
  if (ref.category !== 'quota' || event.type !== 'quota.reserved.v2') return undefined;
  const state = after as Quota;
  for (const [name, used] of Object.entries(state.usage)) {
    const limit = limitOf(state.overrides, name);
    if (limit >= 0 && used > limit) return `quota of ${ref.id}: ${String(used)} of ${String(limit)} ${name}`;
  }
  return undefined;
};
