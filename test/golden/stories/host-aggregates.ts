import { HOST_AGGREGATES, type Message } from '@cairn/domain';
import type { Stage } from '../stage';
import type { Story } from '../story';

export const hostAggregates: readonly Story[] = [
  {
    name: 'host-aggregate-life',
    about: 'An administrator makes an availability zone of a host, renames it, says more of it, and takes it apart.',
    finished: true,
    play: async (stage: Stage): Promise<void> => {
      const ask = (type: Message['type'], data: object): Promise<unknown> => stage.ask(HOST_AGGREGATES, { type, data });
      const host = { hostId: stage.id('host'), name: 'node-a' };
      const number = 1;
      await ask('CreateHostAggregate', { uuid: stage.id('aggregate'), name: 'rack 7', zone: 'here' });
      await ask('AddAggregateHost', { number, host, servers: 0 });
      await ask('UpdateHostAggregate', { number, name: 'row 7', occupied: true });
      await ask('SetHostAggregateMetadata', { number, metadata: { ssd: 'true' }, occupied: true });
      await ask('RemoveAggregateHost', { number, host, servers: 1 });
      await ask('RemoveAggregateHost', { number, host, servers: 0 });
      await ask('DeleteHostAggregate', { number });
    },
  },
];
