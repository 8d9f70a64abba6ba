import { type FloatingPoolEvent, withoutRange } from '@cairn/domain';
import { existing, type Projection } from '../projection';
import { FloatingPoolRow } from './row';

type Seen = Extract<
  FloatingPoolEvent,
  { type: 'floating-pool.created.v1' | 'floating-pool.range-added.v1' | 'floating-pool.range-removed.v1' }
>;

export const floatingPools: Projection<FloatingPoolRow, Seen> = {
  name: 'floating-pools.v1',
  group: 'networks',
  version: 1,
  entity: FloatingPoolRow,
  owner: { category: 'floatingpool', column: 'id' },
  types: {
    'floating-pool.created.v1': true,
    'floating-pool.range-added.v1': true,
    'floating-pool.range-removed.v1': true,
  },
  keys: ({ streamId }) => [streamId],
  apply(row, event) {
    if (event.type === 'floating-pool.created.v1') {
      const { poolId, name } = event.data;
      return { id: poolId, name, ranges: [], createdAt: event.at };
    }
    const before = existing(row, event);
    return event.type === 'floating-pool.range-added.v1'
      ? { ...before, ranges: [...before.ranges, event.data] }
      : { ...before, ranges: withoutRange(before.ranges, event.data) };
  },
};
