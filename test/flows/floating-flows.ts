import { floatingIpRef, floatingIpReservation, streamRef } from '@cairn/domain';

import { floatingIpOf } from '../../libs/domain/src/testing/model';
import { addressesOf } from '../../libs/domain/src/instance';

import { type FlowLab, uuid } from './flow-lab';
import { type Flow, launched, PROJECT, QUOTA, remove, TARGET } from './flow-server';

const POOL = streamRef('floatingpool', uuid(0x61));
const FLOATING = streamRef('floatingip', uuid(0x60));
const owner = floatingIpRef(FLOATING.id);

async function reserved(lab: FlowLab): Promise<void> {
  const range = { first: '203.0.113.1', last: '203.0.113.9', interface: null };
  await lab.send(POOL, { type: 'AddFloatingRange', data: { poolId: POOL.id, name: 'nova', ...range } });
  await lab.send(POOL, { type: 'ReserveFloatingAddress', data: { owner, address: null } });
}

/** A server, and a floating IP of its project. */
async function allocated(lab: FlowLab): Promise<void> {
  await launched(lab);
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

async function associated(lab: FlowLab): Promise<void> {
  await allocated(lab);
  await associate(lab);
  await lab.settle();
}

/** `settled` when the address leads to the server on its host, which knows of it; `free` when it leads nowhere. */
async function led(lab: FlowLab): Promise<string> {
  const [{ association, hosts }, { host, floating = [] }] = [await lab.state(FLOATING), await lab.state(TARGET)];
  if (association === undefined && hosts.length === 0 && floating.length === 0) return 'free';
  const carried = hosts.filter(({ done, wants }) => done && wants === 'carried').map(({ hostId }) => hostId);
  const known = floating.some(({ associationId }) => associationId === association?.associationId);
  return known && carried.length === 1 && carried[0] === host?.hostId ? 'settled' : 'half done';
}

const held = async (lab: FlowLab): Promise<string> => ((await lab.state(POOL)).held.size === 0 ? 'free' : 'reserved');

export const FLOATING_FLOWS: readonly Flow[] = [
  {
    name: 'a floating IP that is to lead to a server',
    prepare: allocated,
    begin: associate,
    outcome: led,
    end: 'settled',
    otherwise: ['settled', 'free'],
  },
  {
    name: 'a floating IP that is given back while it leads to a server',
    prepare: associated,
    begin: (lab) => lab.send(FLOATING, { type: 'ReleaseFloatingIp', data: {} }),
    outcome: held,
    end: 'free',
    otherwise: ['free'],
  },
  {
    name: 'delete of a server that a floating IP leads to',
    prepare: associated,
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
