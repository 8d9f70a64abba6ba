import { floatingIpRef, floatingIpReservation, type LaunchRequest, streamRef } from '@cairn/domain';

import { floatingIpOf, network } from '../../libs/domain/src/testing/model';
import { addressesOf } from '../../libs/domain/src/instance';

import { type FlowLab, uuid } from './flow-lab';
import { type Flow, launch, launched, PROJECT, QUOTA, remove, TARGET } from './flow-server';

const POOL = streamRef('floatingpool', uuid(0x61));
const FLOATING = streamRef('floatingip', uuid(0x60));
const owner = floatingIpRef(FLOATING.id);

async function pooled(lab: FlowLab): Promise<void> {
  const range = { first: '203.0.113.1', last: '203.0.113.9', interface: null };
  await lab.send(POOL, { type: 'AddFloatingRange', data: { poolId: POOL.id, name: 'nova', ...range } });
}

async function reserved(lab: FlowLab): Promise<void> {
  await pooled(lab);
  await lab.send(POOL, { type: 'ReserveFloatingAddress', data: { owner, address: null } });
}

/** A server, and a floating IP of its project. */
async function allocated(lab: FlowLab, over?: Partial<LaunchRequest>): Promise<void> {
  await launched(lab, over);
  await reserved(lab);
  await lab.send(QUOTA, { type: 'ReserveQuota', data: { reservations: [floatingIpReservation(FLOATING.id)] } });
  const record = floatingIpOf({
    floatingIpId: FLOATING.id,
    projectId: PROJECT,
    poolId: POOL.id,
    address: '203.0.113.1',
  });
  await lab.send(FLOATING, { type: 'AllocateFloatingIp', data: record });
  await lab.send(POOL, { type: 'ConfirmFloatingAddress', data: { owner } });
  await lab.send(QUOTA, { type: 'ConfirmQuota', data: { owners: [owner] } });
}

async function associate(lab: FlowLab): Promise<void> {
  const [port] = addressesOf(await lab.state(TARGET));
  if (port === undefined) throw new Error('the server has no address');
  const { claimId: portId, address: fixedAddress, network } = port;
  const data = { holder: TARGET, portId, networkId: network.networkId, fixedAddress };
  await lab.send(FLOATING, { type: 'AssociateFloatingIp', data });
}

async function associated(lab: FlowLab, over?: Partial<LaunchRequest>): Promise<void> {
  await allocated(lab, over);
  await associate(lab);
  await lab.settle();
}

const ONE_GATEWAY = streamRef('network', uuid(0x62));

/** A server in a network with one gateway, and what more there is to be. */
async function withOneGateway(lab: FlowLab, more: typeof allocated): Promise<void> {
  const { target, command } = network({
    networkId: ONE_GATEWAY.id,
    cidr: '10.1.0.0/28',
    gateway: '10.1.0.1',
    bridge: 'brone',
    gatewayHosts: 'one',
  });
  await lab.send(target, command);
  await more(lab, { networks: [{ networkId: ONE_GATEWAY.id, address: null }] });
}

/** Makes another host than the server's the gateway of its network. */
async function moveGateway(lab: FlowLab): Promise<void> {
  const { host } = await lab.state(TARGET);
  const hostId = lab.machines.find((one) => one.hostId !== host?.hostId)?.hostId ?? null;
  await lab.send(ONE_GATEWAY, { type: 'MoveGateway', data: { hostId } });
}

/** `settled` when the address leads to the server on the gateway of its network; `free` when no host answers for it. */
async function ledByGateway(lab: FlowLab): Promise<string> {
  if ((await lab.state(FLOATING)).hosts.length === 0) return 'free';
  const { gateway, hosts } = await lab.state(ONE_GATEWAY);
  const known = [...hosts.values()].every(({ wanted, applied }) => applied >= wanted);
  return known ? led(lab, gateway) : 'half done';
}

/**
 * `settled` when the address leads to the server, which knows of it; `free` when it leads nowhere.
 * @param where on which host; undefined: on the server's
 */
async function led(lab: FlowLab, where?: string | null): Promise<string> {
  const [{ association, hosts }, { host, floating = [] }] = [await lab.state(FLOATING), await lab.state(TARGET)];
  const hostId = where === undefined ? host?.hostId : where;
  if (association === undefined && hosts.length === 0 && floating.length === 0) return 'free';
  const carried = hosts.filter(({ done, wants }) => done && wants === 'carried').map(({ hostId }) => hostId);
  const known = floating.some(({ associationId }) => associationId === association?.associationId);
  return known && carried.length === 1 && carried[0] === hostId ? 'settled' : 'half done';
}

const launchWithFloatingIp = (lab: FlowLab): Promise<void> =>
  launch(lab, { autoFloatingIp: { floatingIpId: FLOATING.id, number: 1, poolId: POOL.id, poolName: 'nova' } });

async function launchedWithFloatingIp(lab: FlowLab): Promise<void> {
  await pooled(lab);
  await launchWithFloatingIp(lab);
  await lab.settle();
}

/** As `led`, of a server that was launched; `free` when the launch has failed and nothing is held for it. */
async function ledFromLaunch(lab: FlowLab): Promise<string> {
  const { vmState } = await lab.state(TARGET);
  if (vmState === 'error') return (await held(lab)) === 'free' ? 'free' : 'half done';
  return vmState === 'active' ? led(lab) : vmState;
}

const held = async (lab: FlowLab): Promise<string> => ((await lab.state(POOL)).held.size === 0 ? 'free' : 'reserved');

export const FLOATING_FLOWS: readonly Flow[] = [
  {
    name: 'launch of a server that gets a floating IP',
    prepare: pooled,
    begin: launchWithFloatingIp,
    outcome: ledFromLaunch,
    end: 'settled',
    otherwise: ['settled', 'free'],
  },
  {
    name: 'launch of a server for which no floating IP is left',
    prepare: () => Promise.resolve(),
    begin: launchWithFloatingIp,
    end: 'error',
    otherwise: ['error'],
  },
  {
    name: 'delete of a server that got a floating IP at its launch',
    prepare: launchedWithFloatingIp,
    begin: remove,
    outcome: held,
    end: 'free',
    otherwise: ['free'],
  },
  {
    name: 'a floating IP that is to lead to a server',
    prepare: (lab) => allocated(lab),
    begin: associate,
    outcome: (lab) => led(lab),
    end: 'settled',
    otherwise: ['settled', 'free'],
  },
  {
    name: 'a floating IP whose network has one gateway',
    prepare: (lab) => withOneGateway(lab, allocated),
    begin: associate,
    outcome: ledByGateway,
    end: 'settled',
    otherwise: ['settled', 'free'],
  },
  {
    name: 'the one gateway of a network that an operator moves',
    prepare: (lab) => withOneGateway(lab, associated),
    begin: moveGateway,
    outcome: ledByGateway,
    end: 'settled',
    otherwise: ['settled'],
  },
  {
    name: 'a floating IP that is given back while it leads to a server',
    prepare: (lab) => associated(lab),
    begin: (lab) => lab.send(FLOATING, { type: 'ReleaseFloatingIp', data: {} }),
    outcome: held,
    end: 'free',
    otherwise: ['free'],
  },
  {
    name: 'delete of a server that a floating IP leads to',
    prepare: (lab) => associated(lab),
    begin: remove,
    end: 'deleted',
    otherwise: ['deleted'],
  },
  {
    name: 'an address whose floating IP never came',
    prepare: () => Promise.resolve(),
    begin: reserved,
    outcome: held,
    end: 'free',
    otherwise: [],
  },
];
