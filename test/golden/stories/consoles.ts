import { type ConsoleCommand, streamRef } from '@cairn/domain';
import type { Stage } from '../stage';
import type { Story } from '../story';

export const consoles: readonly Story[] = [
  {
    name: 'console-is-opened-by-a-token',
    about: 'A user is given a token for the screen of a server, connects by it, and leaves.',
    finished: true,
    play: async (stage: Stage): Promise<void> => {
      const ask = (command: ConsoleCommand): Promise<unknown> =>
        stage.ask(streamRef('console', stage.id('server')), command);
      const tokenHash = 'ab'.repeat(32);
      const holder = { userId: 'u1', projectId: 'p1', tokenId: 't1', userEpoch: 1, projectEpoch: 2 };
      const grant = { tokenHash, kind: 'vnc', hostId: stage.id('host'), holder, expiresAt: stage.in(600) } as const;
      await ask({ type: 'AuthorizeConsole', data: grant });
      const connectionId = stage.id('connection');
      await ask({ type: 'OpenConsole', data: { tokenHash, connectionId } });
      await ask({ type: 'CloseConsole', data: { connectionId, reason: 'The client left.' } });
    },
  },
];
