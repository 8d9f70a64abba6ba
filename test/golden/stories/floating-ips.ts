import { floatingIpRef, type StreamRef } from '@cairn/domain';
import { type Cloud, placeOnA, removed, removeServer, running, runOnA } from '../cloud';
import { addRange, leadToServer, poolOf } from '../leading';
import type { Stage } from '../stage';
import type { Story } from '../story';

const applied = { timings: { network: 40 } };

/** An address that leads to a server on host A. */
async function associated(stage: Stage): Promise<Cloud & { readonly floating: StreamRef }> {
  const cloud = await runOnA(stage);
  const floating = await leadToServer(stage);
  await stage.carryOut(cloud.server, 'PlaceFloatingIp');
  return { ...cloud, floating };
}

export const floatingIps: readonly Story[] = [
  {
    name: 'floating-ip-life',
    about: 'An address leads to a server, then nowhere, and goes back to its pool; its host first lacks the interface.',
    finished: true,
    play: async (stage: Stage): Promise<void> => {
      const { server, floating } = await associated(stage);
      const missing = { code: 'network.failed', message: 'Interface eth1 not found.', permanent: false };
      await stage.answer(floating, 'ensure-floating-ip', missing);
      await stage.answer(floating, 'ensure-floating-ip', applied);
      await stage.ask(floating, { type: 'DisassociateFloatingIp', data: { holder: server } });
      await stage.carryOut(floating, 'UnbindFloatingIp');
      await stage.answer(floating, 'remove-floating-ip', applied);
      await stage.ask(floating, { type: 'ReleaseFloatingIp', data: {} });
      await stage.carryOutAll(floating);
      await stage.ask(poolOf(stage), {
        type: 'RemoveFloatingRange',
        data: { first: '203.0.113.2', last: '203.0.113.3' },
      });
    },
  },
  {
    name: 'floating-ip-of-a-launch',
    about: 'A server gets a floating IP at its launch, which goes back to its pool when the server is deleted.',
    finished: true,
    play: async (stage: Stage): Promise<void> => {
      await addRange(stage, '203.0.113.1', '203.0.113.6', 'eth1');
      const floating = floatingIpRef(stage.id('floating IP'));
      const wish = { floatingIpId: floating.id, number: 7, poolId: stage.id('pool'), poolName: 'nova' };
      const cloud = await placeOnA(stage, { autoFloatingIp: wish });
      const { server } = cloud;
      await stage.carryOut(server, 'ReserveFloatingAddress');
      await stage.carryOut(server, 'AssignFloatingIp');
      await stage.carryOut(floating, 'BindFloatingIp');
      await stage.carryOut(server, 'PlaceFloatingIp');
      stage.pass(31);
      await stage.carryOutAll(poolOf(stage));
      await stage.answer(server, 'ensure-instance', running);
      await stage.carryOut(server, 'PlaceFloatingIp');
      await stage.answer(floating, 'ensure-floating-ip', applied);
      await removeServer(stage, cloud);
      await stage.answer(floating, 'remove-floating-ip', applied);
      await stage.carryOutAll(floating);
    },
  },
  {
    name: 'floating-ip-of-a-deleted-server',
    about: 'A server that an address leads to is deleted: the address leads nowhere then, and stays with its project.',
    finished: true,
    play: async (stage: Stage): Promise<void> => {
      const { server, floating } = await associated(stage);
      await stage.answer(floating, 'ensure-floating-ip', applied);
      await stage.ask(server, { type: 'DeleteInstance', data: {} });
      await stage.carryOut(server, 'LoseFloatingIpPort');
      await stage.answer(server, 'remove-instance', removed);
      await stage.carryOutAll(server);
      await stage.answer(floating, 'remove-floating-ip', applied);
    },
  },
  {
    name: 'floating-ip-that-never-came',
    about: 'An address is held for a floating IP whose request was cut off; it is free again.',
    finished: true,
    play: async (stage: Stage): Promise<void> => {
      await addRange(stage, '203.0.113.1', '203.0.113.6', null);
      const owner = floatingIpRef(stage.id('floating IP'));
      await stage.ask(poolOf(stage), { type: 'ReserveFloatingAddress', data: { owner, address: '203.0.113.4' } });
      stage.pass(31);
      await stage.carryOut(poolOf(stage), 'AbandonCreation');
    },
  },
];
