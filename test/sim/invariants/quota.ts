import { limitOf, type Quota } from '@cairn/domain';

import type { Rule } from './rule';

/** Whether a change of a reservation asked for more. */
const grows = (type: string, before: Quota, after: Quota): boolean =>
  type === 'quota.reservation-changed.v1' &&
  Object.entries(after.usage).some(([name, used]) => used > (before.usage[name] ?? 0));

/** No reservation ever goes over a limit. */
export const quotaHolds: Rule = ({ event, ref, before, after }) => {
  if (
    ref.category !== 'quota' ||
    (event.type !== 'quota.reserved.v2' && !grows(event.type, before as Quota, after as Quota))
  )
    return undefined;
  const state = after as Quota;
  for (const [name, used] of Object.entries(state.usage)) {
    const limit = limitOf(state.overrides, name);
    if (limit >= 0 && used > limit) return `quota of ${ref.id}: ${String(used)} of ${String(limit)} ${name}`;
  }
  return undefined;
};
