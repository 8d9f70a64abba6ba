import type { LaunchRequest, Sealed } from '@cairn/domain';
import { askForServer, furnish, placeOnA, removed, removeServer, requestOf, runOnA, running } from '../cloud';
import type { Stage } from '../stage';
import type { Story } from '../story';

const corrupt = { code: 'image.unusable', message: 'The image is no qcow2 image.', permanent: true };
const diskFull = { code: 'disk.failed', message: 'No space left on device.', permanent: false };

export const launches: readonly Story[] = [
  {
    name: 'launch-and-delete',
    about: 'A server is launched on the first host, runs, and is deleted to the end.',
    finished: true,
    play: async (stage: Stage): Promise<void> => {
      await removeServer(stage, await runOnA(stage));
    },
  },
  {
    name: 'launch-with-disks-of-its-own',
    about:
      'A server is launched with listed disks, injected files, a password and a configuration drive, and is rebuilt.',
    finished: true,
    play: async (stage: Stage): Promise<void> => {
      const { server, a } = await furnish(stage);
      const secret = (ciphertext: string): Sealed => ({ keyId: stage.id('data key'), ciphertext });
      const asked = requestOf(stage);
      const data: LaunchRequest = {
        ...asked,
        flavor: { ...asked.flavor, ephemeralGb: 5 },
        localDisks: {
          root: { bus: 'scsi', tag: 'os' },
          ephemeral: [
            { sizeGb: 2, format: 'ext4' },
            { sizeGb: 3, bootIndex: 1 },
          ],
          swap: { sizeMb: 256, flavorMb: 512 },
        },
        configDrive: 'iso9660',
        files: secret('ZmlsZXM='),
        adminPass: secret('cGFzc3dvcmQ='),
      };
      await stage.ask(server, { type: 'LaunchInstance', data });
      await stage.carryOut(server, 'AllocateAddress');
      await stage.carryOut(server, 'place', a);
      await stage.carryOut(server, 'ClaimCapacity');
      await stage.answer(server, 'ensure-instance', running);
      const { image, kernel, ramdisk } = asked;
      const changes = { image, kernel, ramdisk, configDrive: 'iso9660', files: secret('b3RoZXI=') };
      await stage.ask(server, {
        type: 'RebuildInstance',
        data: { changes, preserveEphemeral: true, notAfter: stage.in(1800) },
      });
      await stage.answer(server, 'rebuild-instance', running);
    },
  },
  {
    name: 'launch-refused-by-first-host',
    about:
      'The host that was chosen first is down by then and refuses; its claim is given back all the same, for a late one.',
    finished: true,
    play: async (stage: Stage): Promise<void> => {
      const { server, a, b, hostA } = await askForServer(stage);
      await stage.carryOut(server, 'place', a);
      await stage.carryOut(server, 'AllocateAddress');
      await stage.tell(hostA, { type: 'MarkHostDown', data: { lastSeenAt: stage.in(-60) } }, 'liveness');
      await stage.carryOut(server, 'ClaimCapacity');
      await stage.carryOut(server, 'ReleaseCapacity');
      await stage.carryOut(server, 'place', b);
      await stage.carryOut(server, 'ClaimCapacity');
      await stage.answer(server, 'ensure-instance', running);
    },
  },
  {
    name: 'launch-failed-on-first-host',
    about: 'The first host fails to make the disk; what it began is cleared away before the second host is chosen.',
    finished: true,
    play: async (stage: Stage): Promise<void> => {
      const { server, b } = await placeOnA(stage);
      await stage.answer(server, 'ensure-instance', diskFull);
      await stage.answer(server, 'remove-instance', removed);
      await stage.carryOut(server, 'ReleaseCapacity');
      await stage.carryOut(server, 'place', b);
      await stage.carryOut(server, 'ClaimCapacity');
      await stage.answer(server, 'ensure-instance', running);
    },
  },
  {
    name: 'launch-with-unusable-image',
    about: 'No host could use the image: the launch fails at once, everything but the quota is given back.',
    finished: true,
    play: async (stage: Stage): Promise<void> => {
      const { server } = await placeOnA(stage);
      await stage.answer(server, 'ensure-instance', corrupt);
      await stage.answer(server, 'remove-instance', removed);
      await stage.carryOutAll(server);
      await stage.ask(server, { type: 'DeleteInstance', data: {} });
      await stage.carryOutAll(server);
    },
  },
  {
    name: 'launch-without-valid-host',
    about: 'No host will do: the server is in error with the reason, its address is given back.',
    finished: true,
    play: async (stage: Stage): Promise<void> => {
      const { server } = await askForServer(stage);
      await stage.carryOut(server, 'AllocateAddress');
      await stage.carryOut(server, 'place');
      await stage.carryOutAll(server);
    },
  },
  {
    name: 'launch-that-no-host-answers',
    about: 'The host never answers: the launch ends in time, its domain stays owed to that host.',
    finished: false,
    play: async (stage: Stage): Promise<void> => {
      const { server } = await placeOnA(stage);
      await stage.expire(server, 'ensure-instance');
    },
  },
  {
    name: 'launch-that-waits-for-a-dead-host',
    about:
      'A failed attempt cannot be cleared away; the choice of another host waits, but not past the end of the launch.',
    finished: false,
    play: async (stage: Stage): Promise<void> => {
      const { server } = await placeOnA(stage);
      await stage.answer(server, 'ensure-instance', diskFull);
      await stage.expire(server, 'place');
    },
  },
  {
    name: 'launch-under-way',
    about: 'A release of Cairn ends while the job is with the host, one choice and one claim before it.',
    finished: false,
    play: async (stage: Stage): Promise<void> => {
      await placeOnA(stage);
    },
  },
  {
    name: 'launch-on-a-forced-host-with-a-certain-address',
    about: 'An administrator names the host, the tenant the address, and the image comes with kernel and ramdisk.',
    finished: true,
    play: async (stage: Stage): Promise<void> => {
      const { server, a } = await askForServer(stage);
      await stage.ask(server, { type: 'DeleteInstance', data: {} });
      await stage.carryOutAll(server);
      const request = requestOf(stage);
      const instanceId = stage.id('second server');
      const second = { category: 'instance', id: instanceId };
      const part = (format: string) => ({ ...request.image, imageId: stage.id(format), format });
      const data = {
        ...request,
        instanceId,
        number: 27,
        forcedHost: 'node-a',
        availabilityZone: 'nova',
        image: part('ami'),
        kernel: part('aki'),
        ramdisk: part('ari'),
        userData: null,
        networks: [{ networkId: stage.id('network'), address: '10.0.0.7' }],
      };
      await stage.ask(second, { type: 'LaunchInstance', data });
      await stage.carryOut(second, 'place', a);
      await stage.carryOut(second, 'ClaimCapacity');
      await stage.carryOut(second, 'AllocateAddress');
      await stage.answer(second, 'ensure-instance', running);
    },
  },
];
