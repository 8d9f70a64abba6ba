import { addressesOf, streamRef } from '@cairn/domain';
import { network } from '../../../libs/domain/src/testing/model';
import { type Cloud, removeServer, runOnA, running, stopped } from '../cloud';
import type { Stage } from '../stage';
import type { Story } from '../story';

const broken = { code: 'network.failed', message: 'Its addresses are routed elsewhere.', permanent: false };

/** A server that runs on host A, and a second network. */
async function twoNetworks(stage: Stage): Promise<Cloud> {
  const cloud = await runOnA(stage);
  const { target, command } = network({
    networkId: stage.id('storage'),
    label: 'storage',
    bridge: 'br200',
    cidr: '10.0.1.0/29',
    gateway: '10.0.1.1',
  });
  await stage.ask(target, command, 'cli');
  return cloud;
}

const attach = (stage: Stage, over: object = {}): Promise<string | undefined> =>
  stage.ask(streamRef('instance', stage.id('server')), {
    type: 'AttachInterface',
    data: { networkId: stage.id('storage'), address: null, notAfter: stage.in(600), ...over },
  });

/** Asks to take the n-th of the server's interfaces, from 0. */
async function detach(stage: Stage, n: number): Promise<void> {
  const server = streamRef('instance', stage.id('server'));
  const port = addressesOf(await stage.state(server))[n];
  await stage.ask(server, { type: 'DetachInterface', data: { portId: port?.claimId, notAfter: stage.in(600) } });
}

async function attached(stage: Stage): Promise<Cloud> {
  const cloud = await twoNetworks(stage);
  await attach(stage, { address: '10.0.1.5', tag: 'data' });
  await stage.carryOut(cloud.server, 'AllocateAddress');
  await stage.answer(cloud.server, 'change-nics', running);
  return cloud;
}

export const interfaces: readonly Story[] = [
  {
    name: 'interfaces-come-and-go',
    about: 'A server gets an interface in a second network, loses its first one, and gets another in its place.',
    finished: true,
    play: async (stage: Stage): Promise<void> => {
      const cloud = await attached(stage);
      await detach(stage, 0);
      await stage.answer(cloud.server, 'change-nics', running);
      await stage.carryOut(cloud.server, 'ReleaseAddress');
      await attach(stage);
      await stage.carryOut(cloud.server, 'AllocateAddress');
      await stage.answer(cloud.server, 'change-nics', running);
      await removeServer(stage, cloud);
    },
  },
  {
    name: 'interface-not-attached',
    about: 'The network has no such address; then the host cannot attach the interface, and undoes what it did of it.',
    finished: true,
    play: async (stage: Stage): Promise<void> => {
      const cloud = await twoNetworks(stage);
      await attach(stage, { address: '10.0.2.5' });
      await stage.carryOut(cloud.server, 'AllocateAddress');
      await stage.carryOut(cloud.server, 'ReleaseAddress');
      await attach(stage);
      await stage.carryOut(cloud.server, 'AllocateAddress');
      await stage.answer(cloud.server, 'change-nics', broken);
      await stage.answer(cloud.server, 'ensure-instance', running);
      await stage.carryOut(cloud.server, 'ReleaseAddress');
    },
  },
  {
    name: 'interface-stays',
    about: 'The host of a stopped server does not take its interface away in time, and gives it back.',
    finished: true,
    play: async (stage: Stage): Promise<void> => {
      const cloud = await runOnA(stage);
      await stage.ask(cloud.server, { type: 'StopInstance', data: { notAfter: stage.in(600) } });
      await stage.answer(cloud.server, 'ensure-instance', stopped);
      await detach(stage, 0);
      await stage.expire(cloud.server, 'change-nics');
      await stage.answer(cloud.server, 'ensure-instance', stopped);
    },
  },
  {
    name: 'interface-change-cut-off',
    about:
      'An administrator resets the state of a server before its new interface has an address, and again when it has.',
    finished: true,
    play: async (stage: Stage): Promise<void> => {
      const cloud = await twoNetworks(stage);
      await attach(stage);
      await stage.ask(cloud.server, { type: 'ResetState', data: { vmState: 'active' } });
      await stage.answer(cloud.server, 'ensure-instance', running);
      await stage.carryOut(cloud.server, 'ReleaseAddress');
      await attach(stage);
      await stage.carryOut(cloud.server, 'AllocateAddress');
      await stage.ask(cloud.server, { type: 'ResetState', data: { vmState: 'active' } });
      await stage.answer(cloud.server, 'ensure-instance', running);
    },
  },
  {
    name: 'interface-asked-for',
    about:
      'A release of Cairn ends when a server has an address for a new interface and its host has not yet attached it.',
    finished: false,
    play: async (stage: Stage): Promise<void> => {
      const cloud = await twoNetworks(stage);
      await attach(stage);
      await stage.carryOut(cloud.server, 'AllocateAddress');
    },
  },
];
