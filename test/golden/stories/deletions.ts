import { instanceRef, serverReservation } from '@cairn/domain';
import {
  askForServer,
  createNetwork,
  furnish,
  placeOnA,
  removed,
  requestOf,
  reserve,
  runOnA,
  running,
  stopped,
} from '../cloud';
import type { JobOutcome, Stage } from '../stage';
import type { Story } from '../story';

export const deletions: readonly Story[] = [
  {
    name: 'delete-while-building',
    about: 'A server is deleted while its job is with the host; what the host says of the launch comes too late.',
    finished: true,
    play: async (stage: Stage): Promise<void> => {
      const { server } = await placeOnA(stage);
      await stage.ask(server, { type: 'DeleteInstance', data: {} });
      await stage.answer(server, 'remove-instance', removed);
      await stage.carryOutAll(server);
    },
  },
  {
    name: 'soft-deletion-until-its-end',
    about: 'A server is soft-deleted, restored, soft-deleted again, and deleted when its time is over.',
    finished: true,
    play: async (stage: Stage): Promise<void> => {
      const { server } = await runOnA(stage);
      const delivered = async (type: string, job: string, power: JobOutcome, data: object = {}): Promise<void> => {
        await stage.ask(server, { type, data: { ...data, notAfter: stage.in(300) } });
        await stage.answer(server, job, power);
      };
      await delivered('SoftDeleteInstance', 'ensure-instance', stopped, { keepSeconds: 60 });
      await delivered('UndeleteInstance', 'reboot-instance', running);
      await delivered('SoftDeleteInstance', 'ensure-instance', stopped, { keepSeconds: 60 });
      stage.pass(60);
      await stage.carryOut(server, 'ReclaimInstance');
      await stage.answer(server, 'remove-instance', removed);
      await stage.carryOutAll(server);
    },
  },
  {
    name: 'delete-before-the-claims-arrive',
    about: 'Claim and address are released before they were asked for: tombstones refuse both when they come.',
    finished: true,
    play: async (stage: Stage): Promise<void> => {
      const { server, a, hostA, network } = await askForServer(stage);
      await stage.carryOut(server, 'place', a);
      const { instanceId, projectId, notAfter } = requestOf(stage);
      await stage.ask(server, { type: 'DeleteInstance', data: {} });
      await stage.carryOutAll(server);
      const late = { claimId: stage.id('late claim'), owner: instanceRef(instanceId), notAfter };
      for (const [stream, type] of [
        [hostA, 'ReleaseCapacity'],
        [network, 'ReleaseAddress'],
      ] as const)
        await stage.tell(stream, { type, data: late }, 'process');
      const size = { projectId, amounts: { vcpus: 1, ramMb: 2048, diskGb: 21 }, forced: false };
      await stage.tell(hostA, { type: 'ClaimCapacity', data: { ...late, ...size } }, 'process');
      await stage.tell(network, { type: 'AllocateAddress', data: { ...late, address: null } }, 'process');
    },
  },
  {
    name: 'network-life',
    about: 'A network is made and deleted.',
    finished: true,
    play: async (stage: Stage): Promise<void> => {
      const network = { category: 'network', id: stage.id('network') };
      await stage.ask(network, createNetwork(stage).command, 'network');
      await stage.ask(network, { type: 'DeleteNetwork', data: {} }, 'network');
    },
  },
  {
    name: 'quota-settled-for-a-launch-that-began',
    about: 'The controller ends between launch and confirmation: settling finds the server and confirms.',
    finished: false,
    play: async (stage: Stage): Promise<void> => {
      const { quota, server } = await furnish(stage);
      await stage.ask(quota, { type: 'SetQuotaLimits', data: { limits: { instances: 3, cores: null }, force: false } });
      await stage.ask(quota, reserve(stage));
      await stage.ask(server, { type: 'LaunchInstance', data: requestOf(stage) });
      stage.pass(30);
      await stage.carryOut(quota, 'AbandonCreation');
    },
  },
  {
    name: 'quota-settled-for-a-launch-that-never-came',
    about: 'The controller ends between reservation and launch: settling abandons the launch and releases.',
    finished: true,
    play: async (stage: Stage): Promise<void> => {
      const { quota, server } = await furnish(stage);
      await stage.ask(quota, reserve(stage));
      stage.pass(30);
      await stage.carryOut(quota, 'AbandonCreation');
      await stage.ask(server, { type: 'LaunchInstance', data: requestOf(stage) });
    },
  },
  {
    name: 'request-undone-that-was-cut-off',
    about:
      'The controller ends after the first two of three launches: settling finds one, then that the last is missing, and ' +
      'undoes both; a late launch is refused.',
    finished: true,
    play: async (stage: Stage): Promise<void> => {
      const { quota, a } = await furnish(stage);
      const ids = ['server', 'second', 'third'].map((name) => stage.id(name));
      const servers = ids.map((id) => ({ category: 'instance', id }));
      const reservations = ids.map((id) => serverReservation(id, { vcpus: 1, ramMb: 2048 }));
      await stage.ask(quota, { type: 'ReserveQuota', data: { reservations } });
      for (const server of servers.slice(0, 2))
        await stage.ask(server, { type: 'LaunchInstance', data: { ...requestOf(stage), instanceId: server.id } });
      await stage.carryOut(servers[0] ?? quota, 'place', a);
      stage.pass(30);
      await stage.carryOutAll(quota);
      for (const server of servers) await stage.carryOutAll(server);
      await stage.ask(servers[2] ?? quota, { type: 'LaunchInstance', data: requestOf(stage) });
    },
  },
  {
    name: 'request-found-whole',
    about:
      'The controller ends after the last of two launches, before it confirms: settling finds both and confirms them.',
    finished: false,
    play: async (stage: Stage): Promise<void> => {
      const { quota } = await furnish(stage);
      const ids = ['server', 'second'].map((name) => stage.id(name));
      const reservations = ids.map((id) => serverReservation(id, { vcpus: 1, ramMb: 2048 }));
      await stage.ask(quota, { type: 'ReserveQuota', data: { reservations } });
      for (const id of ids)
        await stage.ask(
          { category: 'instance', id },
          { type: 'LaunchInstance', data: { ...requestOf(stage), instanceId: id } },
        );
      stage.pass(30);
      await stage.carryOutAll(quota);
    },
  },
];
