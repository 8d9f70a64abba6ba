import { serverReservation, type StreamRef } from '@cairn/domain';
import { projectOf, userOf } from '../../../libs/domain/src/testing/model';
import { cloudOf, furnish, inventory, runOnA } from '../cloud';
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
    name: 'host-restarted-during-a-pause',
    about: 'A host starts anew while it is to pause a guest, which is noted, and finds no guest to pause.',
    finished: true,
    play: async (stage: Stage): Promise<void> => {
      const { server, hostA } = await runOnA(stage);
      await stage.ask(server, { type: 'PauseInstance', data: { notAfter: stage.in(600) } });
      const bootId = stage.id('second boot');
      await stage.tell(hostA, { type: 'RecordAgentStarted', data: { bootId, inventory: inventory('node-a') } });
      await stage.carryOut(hostA, 'RecordHostRestarted');
      const failure = { code: 'hypervisor.failed', message: 'There is no such guest.', permanent: false };
      await stage.answer(server, 'ensure-instance', failure);
    },
  },
  {
    name: 'host-removed',
    about: 'An administrator takes a host without servers out of the cloud, and enrols it again under another number.',
    finished: true,
    play: async (stage: Stage): Promise<void> => {
      const { hostB } = await runOnA(stage);
      const { hostId, name } = { hostId: hostB.id, name: 'node-b' };
      await stage.ask(hostB, { type: 'RemoveHost', data: {} });
      await stage.ask(hostB, { type: 'EnrolHost', data: { hostId, name, number: 3, availabilityZone: 'nova' } });
    },
  },
  {
    name: 'images-in-advance',
    about: 'A host fetches two images in advance: it has one by then, and cannot fetch the other.',
    finished: true,
    play: async (stage: Stage): Promise<void> => {
      const { hostA } = await furnish(stage);
      const images = ['image', 'other image'].map((name) => {
        return { imageId: stage.id(name), sha256: 'ab'.repeat(32), sizeBytes: 20_971_520, format: 'qcow2' };
      });
      await stage.ask(hostA, { type: 'WantImages', data: { images, notAfter: stage.in(3600) } });
      await stage.answer(hostA, 'cache-image', { timings: { image: 1200 }, imageCached: false });
      const damaged = { code: 'image.unusable', message: 'The image is damaged.', permanent: true };
      await stage.answer(hostA, 'cache-image', damaged);
    },
  },
  {
    name: 'limits-of-a-user',
    about: 'A user has limits within the project; a server counts for the user, and the limits are taken away again.',
    finished: true,
    play: async (stage: Stage): Promise<void> => {
      const { quota, server } = cloudOf(stage);
      const userId = stage.id('user');
      const set = (limits: object): Promise<unknown> =>
        stage.ask(quota, { type: 'SetUserQuotaLimits', data: { userId, limits, force: false } });
      await set({ instances: 3, cores: 4 });
      const reservations = [serverReservation(server.id, { vcpus: 1, ramMb: 2048 }, 1, userId)];
      await stage.ask(quota, { type: 'ReserveQuota', data: { reservations } });
      await stage.ask(quota, { type: 'ConfirmQuota', data: { owners: [server] } });
      await set({ cores: null });
      await stage.ask(quota, { type: 'ReleaseQuota', data: { owner: server } });
      await set({ instances: null });
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
