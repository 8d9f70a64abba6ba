import { commandOf, type InputOf, type OperationName, type OperationRequest } from '@cairn/domain';
import { uuid } from '../../../libs/domain/src/testing/examples';
import { requestNamed } from '../../../libs/domain/src/testing/operations';
import { type Cloud, removed, runOnA, running, stopped } from '../cloud';
import type { Host, Stage } from '../stage';
import type { Story } from '../story';

const broken = { code: 'disk.failed', message: 'The host has no room on its disk.', permanent: false };
/** Asked for where moves are confirmed after a minute. */
const ANSWERED = { confirmAfterMs: 60_000, askedBy: { userId: uuid(3), projectId: uuid(2) } } as const;
const cleared = { power: 'absent', timings: { disk: 40 } } as const;

const ask = async (stage: Stage, { server }: Cloud, name: OperationName): Promise<void> => {
  await stage.ask(server, commandOf(requestNamed(name), stage.in(0)));
};

async function placed(stage: Stage, { server }: Cloud, host: Host): Promise<void> {
  await stage.carryOut(server, 'place', host);
  await stage.carryOut(server, 'ClaimCapacity');
}

/** Resized on its own host, and waiting to be confirmed. */
async function resized(stage: Stage, more: Partial<InputOf<'resize'>> = {}): Promise<Cloud> {
  const cloud = await runOnA(stage);
  const request: OperationRequest = { name: 'resize', input: { ...requestNamed('resize').input, ...more } };
  await stage.ask(cloud.server, commandOf(request, stage.in(0)));
  await stage.carryOut(cloud.server, 'ChangeReservation');
  await placed(stage, cloud, cloud.a);
  for (const facts of [stopped, running]) await stage.answer(cloud.server, 'ensure-instance', facts);
  return cloud;
}

/** On host B, and waiting to be confirmed. */
async function migrated(stage: Stage): Promise<Cloud> {
  const cloud = await runOnA(stage);
  await ask(stage, cloud, 'migrate');
  await placed(stage, cloud, cloud.b);
  for (const facts of [stopped, running]) await stage.answer(cloud.server, 'ensure-instance', facts);
  return cloud;
}

export const moves: readonly Story[] = [
  {
    name: 'resize-confirmed',
    about: 'A server is resized on its host, and its tenant confirms it: the old disks go.',
    finished: true,
    play: async (stage: Stage): Promise<void> => {
      const cloud = await resized(stage);
      await ask(stage, cloud, 'confirmResize');
      await stage.answer(cloud.server, 'discard-disks', cleared);
      await stage.carryOutAll(cloud.server);
    },
  },
  {
    name: 'resize-reverted',
    about:
      'A server is resized on its host, and its tenant goes back: the new disks go, and the quota counts as before.',
    finished: true,
    play: async (stage: Stage): Promise<void> => {
      const cloud = await resized(stage);
      await ask(stage, cloud, 'revertResize');
      for (const facts of [stopped, running]) await stage.answer(cloud.server, 'ensure-instance', facts);
      await stage.answer(cloud.server, 'discard-disks', broken);
      stage.pass(2);
      await stage.answer(cloud.server, 'discard-disks', cleared);
      await stage.carryOutAll(cloud.server);
    },
  },
  {
    name: 'resize-confirmed-in-time',
    about: 'Nobody answers for a resized server within the time that the cloud sets, so it is confirmed.',
    finished: true,
    play: async (stage: Stage): Promise<void> => {
      const cloud = await resized(stage, ANSWERED);
      stage.pass(60);
      await stage.carryOut(cloud.server, 'ConfirmUnanswered');
      await stage.answer(cloud.server, 'discard-disks', cleared);
      await stage.carryOutAll(cloud.server);
    },
  },
  {
    name: 'resize-reverted-in-time',
    about: 'A reversion ends the time after which a resized server is confirmed by itself.',
    finished: true,
    play: async (stage: Stage): Promise<void> => {
      const cloud = await resized(stage, ANSWERED);
      await ask(stage, cloud, 'revertResize');
      for (const facts of [stopped, running]) await stage.answer(cloud.server, 'ensure-instance', facts);
      await stage.answer(cloud.server, 'discard-disks', cleared);
      await stage.carryOutAll(cloud.server);
    },
  },
  {
    name: 'resize-undone',
    about: 'No host can make the resized server; its own host starts it again as it was.',
    finished: true,
    play: async (stage: Stage): Promise<void> => {
      const cloud = await runOnA(stage);
      const { server } = cloud;
      await ask(stage, cloud, 'resize');
      await stage.carryOut(server, 'ChangeReservation');
      await placed(stage, cloud, cloud.b);
      await stage.answer(server, 'ensure-instance', stopped);
      await stage.answer(server, 'ensure-instance', broken);
      await stage.carryOut(server, 'place');
      await stage.answer(server, 'ensure-instance', running);
      await stage.answer(server, 'remove-instance', removed);
      await stage.carryOutAll(server);
    },
  },
  {
    name: 'resize-lost',
    about: 'The resize fails on the server’s own host, which then cannot start it as it was: it is in error.',
    finished: true,
    play: async (stage: Stage): Promise<void> => {
      const cloud = await runOnA(stage);
      const { server } = cloud;
      await ask(stage, cloud, 'resize');
      await stage.carryOut(server, 'ChangeReservation');
      await placed(stage, cloud, cloud.a);
      await stage.answer(server, 'ensure-instance', stopped);
      await stage.answer(server, 'ensure-instance', { ...broken, permanent: true });
      await stage.answer(server, 'ensure-instance', broken);
      await stage.answer(server, 'discard-disks', cleared);
      await stage.carryOutAll(server);
    },
  },
  {
    name: 'migrate-confirmed',
    about:
      'An administrator moves a server; the first host refuses it; after the confirmation its old host has nothing of it.',
    finished: true,
    play: async (stage: Stage): Promise<void> => {
      const cloud = await runOnA(stage);
      const { server } = cloud;
      await stage.ask(cloud.hostB, { type: 'DisableHost', data: { reason: null } });
      await ask(stage, cloud, 'migrate');
      await stage.carryOut(server, 'place', cloud.b);
      await stage.carryOut(server, 'ClaimCapacity');
      await stage.carryOut(server, 'place');
      await stage.carryOutAll(server);
      await stage.ask(cloud.hostB, { type: 'EnableHost', data: {} });
      await ask(stage, cloud, 'migrate');
      await placed(stage, cloud, cloud.b);
      for (const facts of [stopped, running]) await stage.answer(server, 'ensure-instance', facts);
      await ask(stage, cloud, 'confirmResize');
      await stage.answer(server, 'remove-instance', removed);
      await stage.carryOutAll(server);
    },
  },
  {
    name: 'migrate-reverted',
    about:
      'A server is moved and comes back; then it is moved again, and a release of Cairn ends before it is confirmed.',
    finished: true,
    play: async (stage: Stage): Promise<void> => {
      const cloud = await migrated(stage);
      const { server } = cloud;
      await ask(stage, cloud, 'revertResize');
      for (const facts of [stopped, running]) await stage.answer(server, 'ensure-instance', facts);
      await stage.answer(server, 'remove-instance', removed);
      await stage.carryOutAll(server);
      await ask(stage, cloud, 'migrate');
      await placed(stage, cloud, cloud.b);
      for (const facts of [stopped, running]) await stage.answer(server, 'ensure-instance', facts);
    },
  },
];
