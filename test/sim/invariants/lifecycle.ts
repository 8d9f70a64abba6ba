import type { Instance } from '@cairn/domain';

import type { Rule } from './rule';

/** Deleted things stay deleted, and generations only grow. */
export const lifeGoesForward: Rule = ({ event, ref, before, after }) => {
  if (ref.category !== 'instance') return undefined;
  const [was, is] = [before as Instance, after as Instance];
  if (was.vmState === 'deleted') return `${event.type} after ${ref.id} was deleted`;
  if (is.generation < was.generation) return `generation of ${ref.id} went back to ${String(is.generation)}`;
  if (was.vmState !== 'building' && is.vmState === 'building' && was.vmState !== 'absent')
    return `${ref.id} is building again after ${was.vmState}`;
  if (was.vmState === 'error' && !was.everLaunched && is.vmState !== 'error' && is.vmState !== 'deleted')
    return `${ref.id} became ${is.vmState} after its launch had failed`;
  if (was.deletion !== undefined && is.operation !== undefined) return `${ref.id} began something while being deleted`;
  return undefined;
};
