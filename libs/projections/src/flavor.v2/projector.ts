import { type FlavorEvent, unreachable } from '@cairn/domain';
import { existing, type Projection } from '../projection';
import { FlavorRow } from './row';

type Seen = Exclude<FlavorEvent, { type: 'flavor.creation-abandoned.v1' }>;

export const flavors: Projection<FlavorRow, Seen> = {
  name: 'flavors.v2',
  group: 'flavors',
  version: 1,
  entity: FlavorRow,
  owner: { category: 'flavor', column: 'id' },
  types: {
    'flavor.created.v1': true,
    'flavor.extra-specs-set.v1': true,
    'flavor.described.v1': true,
    'flavor.access-granted.v1': true,
    'flavor.access-revoked.v1': true,
    'flavor.deleted.v1': true,
  },
  keys: ({ streamId }) => [streamId],
  apply(row, event) {
    switch (event.type) {
      case 'flavor.created.v1': {
        const { flavorId, description = null, ...record } = event.data;
        return { id: flavorId, ...record, description, extraSpecs: {}, access: [], createdAt: event.at };
      }
      case 'flavor.extra-specs-set.v1':
        return { ...existing(row, event), extraSpecs: event.data.extraSpecs };
      case 'flavor.described.v1':
        return { ...existing(row, event), description: event.data.description };
      case 'flavor.access-granted.v1': {
        const before = existing(row, event);
        return { ...before, access: [...before.access, event.data.projectId] };
      }
      case 'flavor.access-revoked.v1': {
        const before = existing(row, event);
        return { ...before, access: before.access.filter((projectId) => projectId !== event.data.projectId) };
      }
      case 'flavor.deleted.v1':
        return null;
      default:
        return unreachable(event);
    }
  },
};
