import { type Message, streamRef } from '@cairn/domain';
import { flavor } from '../../../libs/domain/src/testing/model';
import { furnish, requestOf, reserve } from '../cloud';
import type { Stage } from '../stage';
import type { Story } from '../story';

export const extraSpecs: readonly Story[] = [
  {
    name: 'flavor-extra-specs',
    about: 'A flavor demands something of hosts; a server is launched with it, and no host has that.',
    finished: false,
    play: async (stage: Stage): Promise<void> => {
      const message = (type: string, data: object): Message => ({ type, data });
      const { server, quota } = await furnish(stage);
      const { target, command } = flavor({ flavorId: stage.id('flavor') });
      await stage.ask(target, command);
      await stage.ask(target, message('SetExtraSpecs', { extraSpecs: { ssd: 'true', rack: '7' } }));
      await stage.ask(target, message('DeleteExtraSpec', { key: 'rack' }));
      await stage.ask(quota, reserve(stage));
      await stage.ask(server, message('LaunchInstance', { ...requestOf(stage), extraSpecs: { ssd: 'true' } }));
      await stage.ask(quota, message('ConfirmQuota', { owners: [server] }));
      await stage.ask(streamRef('flavor', target.id), message('DeleteFlavor', {}));
      await stage.carryOut(server, 'AllocateAddress');
      await stage.carryOut(server, 'place');
    },
  },
  {
    name: 'flavor-access',
    about: 'A flavor that is not public is described in other words; a project is let in, and out again.',
    finished: true,
    play: async (stage: Stage): Promise<void> => {
      const { target, command } = flavor({ flavorId: stage.id('flavor'), isPublic: false, description: 'for tests' });
      await stage.ask(target, command);
      const ask = (type: string, data: object): Promise<unknown> => stage.ask(target, { type, data });
      await ask('DescribeFlavor', { description: 'for the new hosts' });
      await ask('GrantFlavorAccess', { projectId: stage.id('project') });
      await ask('RevokeFlavorAccess', { projectId: stage.id('project') });
      await ask('DeleteFlavor', {});
    },
  },
];
