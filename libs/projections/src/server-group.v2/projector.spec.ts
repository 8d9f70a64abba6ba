import type { DomainEvent } from '@cairn/domain';
import { launchOf } from '../../../domain/src/testing/model';
import { at, rowsAfter, timeline } from '../testing/timeline';
import { ServerGroupMemberRow, ServerGroupRow } from './row';

const record = { groupId: 'g1', projectId: 'p1', userId: 'u1', name: 'web', policy: 'anti-affinity' } as const;
const created: DomainEvent = { type: 'server-group.created.v1', data: record };
const deleted: DomainEvent = { type: 'server-group.deleted.v1', data: { groupId: 'g1' } };

const launch = (instanceId: string, group: { serverGroupId?: string }): readonly [string, DomainEvent] => [
  `instance-${instanceId}`,
  { type: 'instance.launch-requested.v1', data: { ...launchOf({ instanceId }), ...group, process: 1 } },
];

describe('server-groups.v2', () => {
  it('shows a group until it is deleted', async () => {
    const { groupId: id, ...shown } = record;
    const model = await rowsAfter(timeline(['servergroup-g1', created]));
    expect(model.all(ServerGroupRow)).toEqual([{ id, ...shown, maxPerHost: null, createdAt: at(1) }]);
    const after = await rowsAfter(timeline(['servergroup-g1', created], ['servergroup-g1', deleted]));
    expect(after.all(ServerGroupRow)).toEqual([]);
  });

  it('shows as members the servers of a group that are not deleted', async () => {
    const gone: DomainEvent = { type: 'instance.deleted.v1', data: { instanceId: 'i2' } };
    const model = await rowsAfter(
      timeline(launch('i1', { serverGroupId: 'g1' }), launch('i2', { serverGroupId: 'g1' }), launch('i3', {}), [
        'instance-i2',
        gone,
      ]),
    );
    expect(model.all(ServerGroupMemberRow)).toEqual([
      { id: 'i1', groupId: 'g1', userId: launchOf().userId, joinedAt: at(1) },
    ]);
  });
});
