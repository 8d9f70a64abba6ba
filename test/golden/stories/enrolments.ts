import type { Message } from '@cairn/domain';
import type { Stage } from '../stage';
import type { Story } from '../story';

export const enrolments: readonly Story[] = [
  {
    name: 'host-joins-and-is-revoked',
    about: 'A token is issued for a host, a machine joins by it, and is shut out again.',
    finished: true,
    play: async (stage: Stage): Promise<void> => {
      const hostId = stage.id('beta');
      const tell = (message: Message): Promise<unknown> =>
        stage.ask({ category: 'enrolment', id: hostId }, message, 'cli');
      const tokenHash = 'ab'.repeat(32);
      const token = { enrolmentId: stage.id('enrolment'), tokenHash, expiresAt: stage.in(900) };
      await tell({ type: 'IssueToken', data: { hostId, name: 'beta', ...token } });
      await tell({ type: 'JoinHost', data: { tokenHash, certificate: 'cd'.repeat(32) } });
      await tell({ type: 'RevokeHost', data: {} });
    },
  },
];
