import { commandOf, type OperationName } from '@cairn/domain';

import { uuid } from '../../../libs/domain/src/testing/examples';
import { requestNamed } from '../../../libs/domain/src/testing/operations';
import { type Cloud, removed, runOnA, running, stopped } from '../cloud';
import type { Stage } from '../stage';
import type { Story } from '../story';

const ask = async (stage: Stage, { server }: Cloud, name: OperationName): Promise<void> => {
  await stage.ask(server, commandOf(requestNamed(name), stage.in(0)));
};

/** Between two hosts; the new one has not begun. */
async function migrating(stage: Stage): Promise<Cloud> {
  const cloud = await runOnA(stage);
  const { server, b } = cloud;
  await ask(stage, cloud, 'migrate');
  await stage.carryOut(server, 'place', b);
  await stage.carryOut(server, 'ClaimCapacity');
  await stage.answer(server, 'ensure-instance', stopped);
  return cloud;
}

/** The new host restarted before the migration was answered for, and lost the guest: the server is in error. */
async function lostBeforeAnswer(stage: Stage): Promise<Cloud> {
  const cloud = await migrating(stage);
  const { server, b } = cloud;
  await stage.progress(server, 'ensure-instance', 'taken');
  await stage.answer(server, 'ensure-instance', running);
  const restarted = { bootId: uuid(901), hostId: b.hostId, notAfter: stage.in(900) };
  await stage.tell(server, { type: 'RecordHostRestarted', data: restarted });
  const lost = { code: 'hypervisor.failed', message: 'The guest does not start.', permanent: false };
  await stage.answer(server, 'ensure-instance', lost);
  return cloud;
}

export const toldSteps: readonly Story[] = [
  {
    name: 'migrate-taken',
    about: 'A server is between two hosts: the new one has told that it has begun.',
    finished: false,
    play: async (stage: Stage): Promise<void> => {
      const { server } = await migrating(stage);
      await stage.progress(server, 'ensure-instance', 'taken');
    },
  },
  {
    name: 'rebuild-cleared',
    about: 'A server is rebuilt: its host has told that the old guest is gone, and makes the new one.',
    finished: false,
    play: async (stage: Stage): Promise<void> => {
      const cloud = await runOnA(stage);
      await ask(stage, cloud, 'rebuild');
      for (const step of ['taken', 'cleared'] as const) await stage.progress(cloud.server, 'rebuild-instance', step);
    },
  },
  {
    name: 'lost-move-confirmed',
    about: 'A migrated server is in error before its migration was answered for; it is confirmed, and rebuilt.',
    finished: true,
    play: async (stage: Stage): Promise<void> => {
      const cloud = await lostBeforeAnswer(stage);
      const { server } = cloud;
      await ask(stage, cloud, 'confirmResize');
      await stage.answer(server, 'remove-instance', removed);
      await stage.carryOutAll(server);
      await ask(stage, cloud, 'rebuild');
      await stage.answer(server, 'rebuild-instance', running);
    },
  },
  {
    name: 'lost-move-reverted',
    about: 'A migrated server is in error before its migration was answered for; it goes back to where it was.',
    finished: true,
    play: async (stage: Stage): Promise<void> => {
      const cloud = await lostBeforeAnswer(stage);
      const { server } = cloud;
      await ask(stage, cloud, 'revertResize');
      for (const facts of [stopped, running]) await stage.answer(server, 'ensure-instance', facts);
      await stage.answer(server, 'remove-instance', removed);
      await stage.carryOutAll(server);
    },
  },
  {
    name: 'lost-move-followed-by-another',
    about: 'A migrated server is in error before its migration was answered for, is mended, and is migrated again.',
    finished: true,
    play: async (stage: Stage): Promise<void> => {
      const cloud = await lostBeforeAnswer(stage);
      const { server, a } = cloud;
      await stage.ask(server, commandOf({ name: 'resetState', input: { vmState: 'active' } }, stage.in(0)));
      await stage.answer(server, 'ensure-instance', running);
      await ask(stage, cloud, 'migrate');
      await stage.answer(server, 'remove-instance', removed);
      await stage.carryOut(server, 'place', a);
      await stage.carryOut(server, 'ClaimCapacity');
      for (const facts of [stopped, running]) await stage.answer(server, 'ensure-instance', facts);
      await ask(stage, cloud, 'confirmResize');
      await stage.answer(server, 'remove-instance', removed);
      await stage.carryOutAll(server);
    },
  },
];
