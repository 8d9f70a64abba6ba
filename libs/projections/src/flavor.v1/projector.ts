import type { FlavorEvent } from '@cairn/domain';
import type { Projection } from '../projection';
import { FlavorRow } from './row';

type Seen = Extract<FlavorEvent, { type: 'flavor.created.v1' | 'flavor.deleted.v1' }>;

export const flavors: Projection<FlavorRow, Seen> = {
  name: 'flavors.v1',
  group: 'flavors',
  version: 1,
  entity: FlavorRow,
  owner: { category: 'flavor', column: 'id' },
  types: { 'flavor.created.v1': true, 'flavor.deleted.v1': true },
  keys: ({ streamId }) => [streamId],
  apply(_row, event) {
    if (event.type === 'flavor.deleted.v1') return null;
    const { flavorId, ...record } = event.data;
    return { id: flavorId, ...record, createdAt: event.at };
  },
};
