import { inventory, removed, runOnA, running, stopped } from '../cloud';
import type { JobOutcome, Stage } from '../stage';
import type { Story } from '../story';

const sealed = (stage: Stage, what: string): object => ({
  keyId: `project/${stage.id('project')}@0123456789abcdef`,
  ciphertext: `v1.${Buffer.from(what).toString('base64url')}`,
});

export const toldOfServers: readonly Story[] = [
  {
    name: 'done-by-the-guest-agent',
    about:
      'The password of a guest is changed, one is refused, and an image is made while its file systems are frozen.',
    finished: true,
    play: async (stage: Stage): Promise<void> => {
      const { server } = await runOnA(stage, {
        hardware: { guestAgent: true },
        imageProperties: { hw_qemu_guest_agent: 'yes', os_require_quiesce: 'yes' },
      });
      const change = async (outcome: JobOutcome, forOwner: object): Promise<void> => {
        const data = { user: 'root', adminPass: sealed(stage, 'a secret'), ...forOwner, notAfter: stage.in(120) };
        await stage.ask(server, { type: 'ChangeGuestPassword', data });
        await stage.answer(server, 'set-guest-password', outcome);
      };
      await change(running, { forOwner: sealed(stage, 'for the owner') });
      await change(running, {});
      await change({ code: 'guest.silent', message: 'The QEMU guest agent does not answer.', permanent: true }, {});
      const image = { projectId: stage.id('project'), name: 'i', visibility: 'private', minDiskGb: 20, minRamMb: 0 };
      const data = { image: { ...image, properties: {} }, notAfter: stage.in(21_600) };
      await stage.ask(server, { type: 'SnapshotInstance', data });
      await stage.carryOut(server, 'CreateImage');
      await stage.answer(server, 'snapshot-instance', { ...running, quiesced: true });
    },
  },
  {
    name: 'password-posted-and-cleared',
    about: "A guest posts its administrator's password, and its owner clears it.",
    finished: true,
    play: async (stage: Stage): Promise<void> => {
      const { server } = await runOnA(stage);
      const password = { keyId: 'project/a@0123456789abcdef', ciphertext: 'v1.c2VhbGVk' };
      await stage.ask(server, { type: 'RecordPostedPassword', data: { password } });
      await stage.ask(server, { type: 'ClearPostedPassword', data: {} });
    },
  },
  {
    name: 'rescue-that-takes-too-long',
    about: 'A server is rescued; when its time is over, it boots from its own disk again.',
    finished: true,
    play: async (stage: Stage): Promise<void> => {
      const { server } = await runOnA(stage);
      const image = { imageId: stage.id('rescue'), sha256: 'cd'.repeat(32), sizeBytes: 1_000, format: 'qcow2' };
      const rescue = { image, kernel: null, ramdisk: null };
      const data = { rescue, endsAfterMs: 60_000, notAfter: stage.in(300) };
      await stage.ask(server, { type: 'RescueInstance', data });
      await stage.answer(server, 'reboot-instance', running);
      stage.pass(60);
      await stage.carryOut(server, 'EndRescue');
      await stage.answer(server, 'reboot-instance', running);
    },
  },
  {
    name: 'guest-left-off-by-its-host',
    about: 'A host restarts that is set not to start its guests again: the server is stopped.',
    finished: true,
    play: async (stage: Stage): Promise<void> => {
      const { server, hostA } = await runOnA(stage);
      const data = { bootId: stage.id('second boot'), inventory: { ...inventory('node-a'), resumesGuests: false } };
      await stage.tell(hostA, { type: 'RecordAgentStarted', data });
      await stage.carryOut(hostA, 'RecordHostRestarted');
      await stage.answer(server, 'ensure-instance', stopped);
      await stage.answer(server, 'ensure-instance', stopped);
    },
  },
  {
    name: 'guest-of-a-deleted-server',
    about: 'A server is deleted; later its host finds its guest again, and removes it again.',
    finished: true,
    play: async (stage: Stage): Promise<void> => {
      const { server, a } = await runOnA(stage);
      await stage.ask(server, { type: 'DeleteInstance', data: {} });
      await stage.answer(server, 'remove-instance', removed);
      await stage.carryOutAll(server);
      const data = { hostId: a.hostId, found: stage.id('a report') };
      await stage.tell(server, { type: 'RecordLeftover', data });
      await stage.answer(server, 'remove-instance', removed);
    },
  },
];
