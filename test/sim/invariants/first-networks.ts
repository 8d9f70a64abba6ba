import type { NetworkEvent } from '@cairn/domain';

import type { Rule } from './rule';

/** No network of one project is given to a second, and no project gets two because it asked twice at once. */
export function networksGivenOnce(): Rule {
  const owners = new Map<string, string>();
  return ({ event, ref }) => {
    if (ref.category !== 'network') return undefined;
    const { type, data } = { type: event.type, data: event.data } as unknown as NetworkEvent;
    if (type !== 'network.project-set.v1' || data.projectId === null) return undefined;
    const owner = owners.get(ref.id);
    if (owner !== undefined) return `network ${ref.id} of project ${owner} is given to ${data.projectId}`;
    const other = [...owners].find(([, projectId]) => projectId === data.projectId)?.[0];
    if (other !== undefined) return `project ${data.projectId} has network ${other} and gets ${ref.id}`;
    owners.set(ref.id, data.projectId);
    return undefined;
  };
}
