import { hostClaimId, type Message, serverGroupReservation, type StreamRef, streamRef } from '@cairn/domain';
import { furnish, removeServer, requestOf, reserve, running } from '../cloud';
import type { Stage } from '../stage';
import type { Story } from '../story';

const message = (type: string, data: object = {}): Message => ({ type, data });

const groupOf = ({ id }: Stage): StreamRef => streamRef('servergroup', id('group'));

async function createGroup(stage: Stage, quota: StreamRef): Promise<StreamRef> {
  const group = groupOf(stage);
  await stage.ask(quota, message('ReserveQuota', { reservations: [serverGroupReservation(group.id)] }));
  const record = { groupId: group.id, projectId: stage.id('project'), userId: stage.id('user'), name: 'web' };
  await stage.ask(group, message('CreateServerGroup', { ...record, policy: 'anti-affinity' }));
  await stage.ask(quota, message('ConfirmQuota', { owners: [group] }));
  return group;
}

export const serverGroups: readonly Story[] = [
  {
    name: 'server-group-life',
    about: 'A server is launched into a group, which grants it its host and then, when it is gone, another server.',
    finished: true,
    play: async (stage: Stage): Promise<void> => {
      const cloud = await furnish(stage);
      const { server, quota, a } = cloud;
      const group = await createGroup(stage, quota);
      const place = (instanceId: string, gone: readonly string[]): Promise<unknown> => {
        const data = { instanceId, claimId: hostClaimId(instanceId, 1), attempt: 1, ...a, gone };
        return stage.tell(group, message('PlaceGroupMember', data), 'scheduler');
      };
      await stage.ask(quota, reserve(stage));
      await stage.ask(server, message('LaunchInstance', { ...requestOf(stage), serverGroupId: group.id }));
      await stage.ask(quota, message('ConfirmQuota', { owners: [server] }));
      await stage.carryOut(server, 'AllocateAddress');
      await place(server.id, []);
      await stage.carryOut(server, 'place', a);
      await stage.carryOut(server, 'ClaimCapacity');
      await stage.answer(server, 'ensure-instance', running);
      await removeServer(stage, cloud);
      await place(stage.id('another server'), [server.id]);
      await stage.ask(group, message('DeleteServerGroup'));
      await stage.carryOutAll(group);
    },
  },
  {
    name: 'server-group-abandoned',
    about: 'Quota is reserved for a group and the controller ends: the group can never come, and nothing is held.',
    finished: true,
    play: async (stage: Stage): Promise<void> => {
      const quota = streamRef('quota', stage.id('project'));
      const { id } = groupOf(stage);
      await stage.ask(quota, message('ReserveQuota', { reservations: [serverGroupReservation(id)] }));
      stage.pass(30);
      await stage.carryOutAll(quota);
    },
  },
];
