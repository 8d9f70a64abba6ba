import { commandOf, type OperationName, streamRef } from '@cairn/domain';

import { blobOf } from '../../../libs/domain/src/testing/model';
import { requestNamed } from '../../../libs/domain/src/testing/operations';
import { type Cloud, removed, runOnA, running, stopped } from '../cloud';
import type { Stage } from '../stage';
import type { Story } from '../story';

const broken = { code: 'hypervisor.failed', message: 'libvirt does not answer.', permanent: false };

/** Asks for an image. @returns its id */
async function ask(stage: Stage, { server }: Cloud, name: OperationName): Promise<string> {
  await stage.ask(server, commandOf(requestNamed(name), stage.in(0)));
  return (await stage.state(streamRef('instance', server.id))).operation?.snapshot?.imageId ?? '';
}

/** What controller and host do until the image has its bits. */
async function send(stage: Stage, { server }: Cloud, imageId: string): Promise<void> {
  const image = streamRef('image', imageId);
  await stage.carryOut(server, 'CreateImage');
  await stage.tell(server, { type: 'RecordSnapshotProgress', data: { imageId, stage: 'copying' } }, 'hosts');
  const form = { diskFormat: 'qcow2', containerFormat: 'bare' };
  await stage.tell(image, { type: 'BeginImageUpload', data: form }, 'hosts');
  await stage.tell(server, { type: 'RecordSnapshotProgress', data: { imageId, stage: 'uploading' } }, 'hosts');
  await stage.tell(image, { type: 'RecordImageUploaded', data: blobOf() }, 'hosts');
}

async function shelve(stage: Stage, cloud: Cloud, offloadAfterMs: number | null): Promise<void> {
  const { input } = requestNamed('shelve');
  await stage.ask(cloud.server, commandOf({ name: 'shelve', input: { ...input, offloadAfterMs } }, stage.in(0)));
  const { operation } = await stage.state(streamRef('instance', cloud.server.id));
  await send(stage, cloud, operation?.snapshot?.imageId ?? '');
  await stage.answer(cloud.server, 'snapshot-instance', stopped);
}

export const snapshots: readonly Story[] = [
  {
    name: 'image-of-a-server',
    about: 'An image is made of the root disk of a server that runs.',
    finished: true,
    play: async (stage: Stage): Promise<void> => {
      const cloud = await runOnA(stage);
      await send(stage, cloud, await ask(stage, cloud, 'createImage'));
      await stage.answer(cloud.server, 'snapshot-instance', running);
    },
  },
  {
    name: 'backups-of-which-none-stay',
    about: 'A backup is made, after which it and the older one of its type go.',
    finished: true,
    play: async (stage: Stage): Promise<void> => {
      const cloud = await runOnA(stage);
      await send(stage, cloud, await ask(stage, cloud, 'createBackup'));
      await stage.answer(cloud.server, 'snapshot-instance', running);
      await stage.carryOutAll(cloud.server);
    },
  },
  {
    name: 'image-and-backup-refused',
    about: 'The host cannot send the image, so that it goes and the server is as before.',
    finished: true,
    play: async (stage: Stage): Promise<void> => {
      const cloud = await runOnA(stage);
      await ask(stage, cloud, 'createImage');
      await stage.carryOut(cloud.server, 'CreateImage');
      const refused = { code: 'image.refused', message: 'Image exceeds the storage quota.', permanent: true };
      await stage.answer(cloud.server, 'snapshot-instance', refused);
      await stage.carryOutAll(cloud.server);
    },
  },
  {
    name: 'deleted-before-its-image',
    about: 'A server is deleted after somebody has asked for an image of it, and before the image is known.',
    finished: true,
    play: async (stage: Stage): Promise<void> => {
      const cloud = await runOnA(stage);
      await ask(stage, cloud, 'createImage');
      await stage.ask(cloud.server, { type: 'DeleteInstance', data: {} });
      await stage.carryOut(cloud.server, 'AbandonImage');
      await stage.carryOut(cloud.server, 'ReleaseQuota');
      await stage.answer(cloud.server, 'remove-instance', removed);
      await stage.carryOutAll(cloud.server);
    },
  },
  {
    name: 'image-under-way',
    about: 'A release of Cairn ends while a host copies a disk.',
    finished: false,
    play: async (stage: Stage): Promise<void> => {
      const cloud = await runOnA(stage);
      const imageId = await ask(stage, cloud, 'createImage');
      await stage.carryOut(cloud.server, 'CreateImage');
      const data = { imageId, stage: 'copying' };
      await stage.tell(cloud.server, { type: 'RecordSnapshotProgress', data }, 'hosts');
    },
  },
  {
    name: 'shelved-and-unshelved',
    about: 'A server is shelved and offloaded at once; it comes back on another host, and its shelved image goes.',
    finished: true,
    play: async (stage: Stage): Promise<void> => {
      const cloud = await runOnA(stage);
      const { server } = cloud;
      await shelve(stage, cloud, 0);
      await stage.carryOut(server, 'OffloadShelved');
      await stage.answer(server, 'remove-instance', removed);
      await stage.carryOutAll(server);
      await stage.ask(server, commandOf(requestNamed('unshelve'), stage.in(0)));
      await stage.carryOut(server, 'place', cloud.b);
      await stage.carryOut(server, 'ClaimCapacity');
      await stage.answer(server, 'ensure-instance', running);
      await stage.carryOutAll(server);
    },
  },
  {
    name: 'offloaded-when-cleared',
    about: 'A shelved server is offloaded once its host, at the second try, has cleared it away.',
    finished: true,
    play: async (stage: Stage): Promise<void> => {
      const cloud = await runOnA(stage);
      const { server } = cloud;
      await shelve(stage, cloud, 0);
      await stage.carryOut(server, 'OffloadShelved');
      await stage.answer(server, 'remove-instance', broken);
      stage.pass(2);
      await stage.answer(server, 'remove-instance', removed);
      await stage.carryOutAll(server);
    },
  },
  {
    name: 'offload-under-way',
    about:
      'An administrator asks for the offload of a shelved server; a release of Cairn ends before its host has cleared it away.',
    finished: false,
    play: async (stage: Stage): Promise<void> => {
      const cloud = await runOnA(stage);
      await shelve(stage, cloud, null);
      await stage.ask(cloud.server, commandOf(requestNamed('shelveOffload'), stage.in(0)));
    },
  },
  {
    name: 'shelve-undone',
    about: 'The host cannot send the shelved image, so that it goes and the server runs again.',
    finished: true,
    play: async (stage: Stage): Promise<void> => {
      const cloud = await runOnA(stage);
      await ask(stage, cloud, 'shelve');
      await stage.carryOut(cloud.server, 'CreateImage');
      const refused = { code: 'image.refused', message: 'Image exceeds the storage quota.', permanent: true };
      await stage.answer(cloud.server, 'snapshot-instance', refused);
      await stage.answer(cloud.server, 'ensure-instance', running);
      await stage.carryOutAll(cloud.server);
    },
  },
  {
    name: 'shelved',
    about: 'A server is shelved and stays on its host; a release of Cairn ends then.',
    finished: true,
    play: async (stage: Stage): Promise<void> => {
      await shelve(stage, await runOnA(stage), null);
    },
  },
];
