import { networkRef, networkReservation, type NetworkSpec, type StreamRef, streamRef } from '@cairn/domain';
import { network } from '../../../libs/domain/src/testing/model';
import { type Cloud, placeOnA, removeServer, running } from '../cloud';
import { leadToServer } from '../leading';
import type { Stage } from '../stage';
import type { Story } from '../story';

const wide = ({ id }: Stage): StreamRef & { category: 'network' } => streamRef('network', id('wide network'));

/** Who has which VLAN, and which network each project got first. */
const VLANS = streamRef('registry', 'vlans');
const FIRST_NETWORKS = streamRef('registry', 'projectnetworks');

const claimed = (stage: Stage, registry: typeof VLANS, name: string, ownerId: string): Promise<unknown> =>
  stage.ask(registry, { type: 'ClaimName', data: { name, ownerId, ownerCategory: 'network' } });

/** A server in a network that spans hosts, at the moment when the network knows its host. */
async function placedInWide(stage: Stage, over: Partial<NetworkSpec> = {}): Promise<Cloud> {
  const networkId = stage.id('wide network');
  const spec = { networkId, label: 'wide', bridge: 'brwide', cidr: '10.1.0.0/24', gateway: '10.1.0.1', mtu: 1450 };
  const { target, command } = network({ ...spec, segment: { type: 'vxlan', id: 7 }, ...over });
  await stage.ask(target, command, 'cli');
  const cloud = await placeOnA(stage, { networks: [{ networkId, address: null }] });
  await stage.carryOut(cloud.server, 'SetPlaces');
  return cloud;
}

export const networks: readonly Story[] = [
  {
    name: 'network-that-spans-hosts',
    about: 'A network by VXLAN learns which host a server of its is on, and the host says where others reach it.',
    finished: true,
    play: async (stage: Stage): Promise<void> => {
      const cloud = await placedInWide(stage);
      const { version } = await stage.state(wide(stage));
      const applied = { timings: { network: 9 }, version, address: '192.0.2.10' };
      await stage.answer(wide(stage), 'apply-peers', applied);
      await stage.answer(cloud.server, 'ensure-instance', running);
      await removeServer(stage, cloud);
    },
  },
  {
    name: 'network-with-one-gateway',
    about: 'The gateway of all guests is the host of the first; an operator moves it, and a floating IP follows.',
    finished: true,
    play: async (stage: Stage): Promise<void> => {
      const cloud = await placedInWide(stage, { gatewayHosts: 'one', dhcp: false });
      const applied = async (address: string): Promise<void> => {
        const { version } = await stage.state(wide(stage));
        const facts = { timings: { network: 9 }, version, address };
        await stage.answer(wide(stage), 'apply-peers', facts);
      };
      await applied('192.0.2.10');
      await stage.answer(cloud.server, 'ensure-instance', running);
      const floating = await leadToServer(stage);
      await stage.carryOut(cloud.server, 'SetPlaces');
      await stage.carryOut(wide(stage), 'PlaceFloatingIp');
      await stage.answer(floating, 'ensure-floating-ip', { timings: { network: 40 } });
      await stage.ask(wide(stage), { type: 'MoveGateway', data: { hostId: null } }, 'cli');
      await applied('192.0.2.10');
      await stage.carryOut(wide(stage), 'PlaceFloatingIp');
      await stage.answer(floating, 'remove-floating-ip', { timings: { network: 9 } });
      await removeServer(stage, cloud);
    },
  },
  {
    name: 'network-whose-host-is-not-told',
    about: 'A host cannot take over the list of the other hosts; it is asked again later.',
    finished: false,
    play: async (stage: Stage): Promise<void> => {
      await placedInWide(stage);
      const failure = { code: 'network.failed', message: 'bridge fdb: No such device', permanent: true };
      await stage.answer(wide(stage), 'apply-peers', failure);
    },
  },
  {
    name: 'network-that-counts',
    about: 'A tenant makes a network, which counts in the quota of its project until the project has it no longer.',
    finished: true,
    play: async (stage: Stage): Promise<void> => {
      const target = wide(stage);
      const projectId = stage.id('project');
      const quota = streamRef('quota', projectId);
      const reservations = [networkReservation(target.id, stage.id('user'))];
      await stage.ask(quota, { type: 'ReserveQuota', data: { reservations } });
      const { command } = network({ networkId: target.id, cidr: '10.3.0.0/24', gateway: '10.3.0.1' });
      const data = { ...command.data, projectId, countsFor: projectId };
      await stage.ask(target, { type: 'CreateNetwork', data });
      await stage.ask(quota, { type: 'ConfirmQuota', data: { owners: [networkRef(target.id)] } });
      await stage.ask(target, { type: 'DisassociateNetwork', data: {} });
      await stage.carryOutAll(target);
    },
  },
  {
    name: 'network-that-never-came',
    about: 'Quota is held for a network whose request was cut off; it is free again.',
    finished: true,
    play: async (stage: Stage): Promise<void> => {
      const quota = streamRef('quota', stage.id('project'));
      const reservations = [networkReservation(wide(stage).id, stage.id('user'))];
      await stage.ask(quota, { type: 'ReserveQuota', data: { reservations } });
      stage.pass(31);
      await stage.carryOutAll(quota);
    },
  },
  {
    name: 'network-of-a-project',
    about: 'A network is given to a project and taken from it; an address of it is kept from guests for a time.',
    finished: true,
    play: async (stage: Stage): Promise<void> => {
      const target = wide(stage);
      const { command } = network({ networkId: target.id, cidr: '10.2.0.0/24', gateway: '10.2.0.1' });
      const data = { ...command.data, projectId: stage.id('project'), priority: 3 };
      await stage.ask(target, { type: 'CreateNetwork', data });
      await stage.ask(target, { type: 'ReserveNetworkAddress', data: { address: '10.2.0.9' } });
      await stage.ask(target, { type: 'UnreserveNetworkAddress', data: { address: '10.2.0.9' } });
      await stage.ask(target, { type: 'DisassociateNetwork', data: {} });
      await stage.ask(target, { type: 'AssociateNetwork', data: { projectId: stage.id('other project') } });
    },
  },
  {
    name: 'network-that-is-a-vlan',
    about: 'A project gets a VLAN when it needs its first network, and gives it back to the next one.',
    finished: true,
    play: async (stage: Stage): Promise<void> => {
      const target = wide(stage);
      const [one, other] = [stage.id('project'), stage.id('other project')];
      await claimed(stage, VLANS, '100', target.id);
      const spec = {
        networkId: target.id,
        label: 'tenants',
        bridge: 'br100',
        cidr: '10.60.0.0/24',
        gateway: '10.60.0.1',
      };
      const { command } = network({ ...spec, interface: 'eth1', segment: { type: 'vlan', id: 100 } });
      await stage.ask(target, { type: 'CreateNetwork', data: { ...command.data, rangeStart: '10.60.0.3' } });
      await stage.ask(VLANS, { type: 'ConfirmName', data: { name: '100', ownerId: target.id } });
      await claimed(stage, FIRST_NETWORKS, one, target.id);
      await stage.ask(target, { type: 'AssociateNetwork', data: { projectId: one } });
      await stage.carryOutAll(FIRST_NETWORKS); // as after a crash: nobody has confirmed it
      await stage.ask(target, { type: 'DisassociateNetwork', data: {} }, 'cli');
      await stage.ask(target, { type: 'AssociateNetwork', data: { projectId: other } });
    },
  },
];
