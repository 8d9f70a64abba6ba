import type { StreamRef } from '@cairn/domain';
import { projectOf, userOf } from '../../../libs/domain/src/testing/model';
import { runOnA } from '../cloud';
import type { Stage } from '../stage';
import type { Story } from '../story';

/** What people say of things, beyond what Cairn itself gives a meaning. */
export const statements: readonly Story[] = [
  {
    name: 'attributes-and-tags',
    about: 'A user and a project get attributes of their own and tags; some are changed, and one tag goes.',
    finished: true,
    play: async (stage: Stage): Promise<void> => {
      const [userId, projectId] = [stage.id('carol'), stage.id('research')];
      const say = (category: 'user' | 'project', type: string, data: object): Promise<unknown> => {
        const target: StreamRef = { category, id: category === 'user' ? userId : projectId };
        return stage.ask(target, { type, data }, 'identity');
      };
      const attributes = { room: '4.12', phone: ['1', null] };
      await say('user', 'CreateUser', userOf({ userId, name: 'carol', attributes }));
      await say('user', 'UpdateUser', { attributes: { room: null } });
      const research = projectOf({ projectId, name: 'research', attributes: { costs: { centre: 7 } } });
      await say('project', 'CreateProject', { ...research, tags: ['lab'] });
      await say('project', 'TagProject', { tag: 'cold' });
      await say('project', 'UntagProject', { tag: 'lab' });
      await say('project', 'UpdateProject', { attributes: { costs: false } });
    },
  },
  {
    name: 'host-stated-to-be-down',
    about: 'An administrator states that a host is down while a server runs there, and takes it back.',
    finished: true,
    play: async (stage: Stage): Promise<void> => {
      const { hostA } = await runOnA(stage);
      await stage.ask(hostA, { type: 'ForceHostDown', data: {} });
      await stage.ask(hostA, { type: 'ClearForceDown', data: {} });
    },
  },
  {
    name: 'access-addresses-and-disk-config',
    about: 'A tenant says where a server is reached and how its disk is treated.',
    finished: true,
    play: async (stage: Stage): Promise<void> => {
      const { server } = await runOnA(stage);
      const addresses = { accessIpV4: '192.0.2.7', accessIpV6: '2001:db8::7' };
      await stage.ask(server, { type: 'SetAccessAddresses', data: { addresses } });
      await stage.ask(server, { type: 'SetAccessAddresses', data: { addresses: { accessIpV4: null } } });
      await stage.ask(server, { type: 'SetDiskConfig', data: { autoDiskConfig: false } });
    },
  },
];
