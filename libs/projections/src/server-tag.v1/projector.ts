import type { InstanceEvent } from '@cairn/domain';
import type { Projected, Projection } from '../projection';
import { serverTagKey, ServerTagRow } from './row';

type Seen = Extract<InstanceEvent, { type: 'instance.launch-requested.v1' | 'instance.tags-changed.v1' }>;

/** The tags that an event brings, and those that it takes away. */
function changes(event: Projected<Seen>): { readonly added: readonly string[]; readonly removed: readonly string[] } {
  return event.type === 'instance.tags-changed.v1' ? event.data : { added: event.data.tags ?? [], removed: [] };
}

export const serverTags: Projection<ServerTagRow, Seen> = {
  name: 'server-tags.v1',
  group: 'servers',
  version: 1,
  entity: ServerTagRow,
  owner: { category: 'instance', column: 'serverId' },
  types: { 'instance.launch-requested.v1': true, 'instance.tags-changed.v1': true },
  keys(event) {
    const { added, removed } = changes(event);
    return [...added, ...removed].map((tag) => serverTagKey(event.streamId, tag));
  },
  apply(_row, event, key) {
    const tag = key.slice(event.streamId.length + 1);
    return changes(event).added.includes(tag) ? { id: key, serverId: event.streamId, tag } : null;
  },
};
