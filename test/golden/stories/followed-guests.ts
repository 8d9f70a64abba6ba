import { commandOf, hostOperationNamed, type OperationName } from '@cairn/domain';
import { runOnA, running } from '../cloud';
import type { Stage } from '../stage';
import type { Story } from '../story';

type Following = Extract<OperationName, 'follow-off' | 'follow-pause' | 'follow-unpause' | 'keep-off'>;

/** What the host sees of the guest, one after the other, with the power that the job then leaves it with. */
const SEEN = [
  ['follow-pause', 'The guest was paused on its host.', 'paused'],
  ['follow-unpause', 'The guest was let go on at its host.', 'running'],
  ['follow-off', 'The guest shut down.', 'stopped'],
  ['keep-off', 'The guest was started on its host.', 'stopped'],
] as const satisfies readonly (readonly [Following, string, string])[];

export const followedGuests: readonly Story[] = [
  {
    name: 'server-follows-its-guest',
    about: 'A guest is paused and let go on at its host, shuts down, and is started there; the server follows it.',
    finished: true,
    play: async (stage: Stage): Promise<void> => {
      const { server, hostA } = await runOnA(stage);
      for (const [i, [name, cause, power]] of SEEN.entries()) {
        const input = { hostId: hostA.id, generation: i + 1, cause };
        await stage.ask(server, commandOf({ name, input }, stage.in(0)));
        await stage.answer(server, hostOperationNamed(name).job(input).kind, { ...running, power });
      }
    },
  },
];
