import { type Message, streamRef } from '@cairn/domain';
import type { Stage } from '../stage';
import type { Story } from '../story';

export const requests: readonly Story[] = [
  {
    name: 'request-repeated-by-its-key',
    about: 'A request is taken up by its key and repeated; another one by the same key is refused.',
    finished: true,
    play: async (stage: Stage): Promise<void> => {
      const use = (requestHash: string): Promise<unknown> => {
        const command: Message = { type: 'UseKey', data: { requestHash } };
        return stage.ask(streamRef('request', stage.id('key')), command);
      };
      await use('ab'.repeat(32));
      await use('ab'.repeat(32));
      await use('cd'.repeat(32));
    },
  },
];
