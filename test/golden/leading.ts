import { floatingIpRef, type FloatingTarget, type StreamRef, streamRef } from '@cairn/domain';
import { addressesOf } from '../../libs/domain/src/instance';
import { floatingIpOf } from '../../libs/domain/src/testing/model';
import type { Stage } from './stage';

export const poolOf = ({ id }: Stage): StreamRef => streamRef('floatingpool', id('pool'));

export async function addRange(stage: Stage, first: string, last: string, leadsOut: string | null): Promise<void> {
  const data = { poolId: stage.id('pool'), name: 'nova', first, last, interface: leadsOut };
  await stage.ask(poolOf(stage), { type: 'AddFloatingRange', data });
}

async function allocate(stage: Stage): Promise<StreamRef> {
  const owner = floatingIpRef(stage.id('floating IP'));
  await stage.ask(poolOf(stage), { type: 'ReserveFloatingAddress', data: { owner, address: null } });
  const data = floatingIpOf({
    floatingIpId: owner.id,
    projectId: stage.id('project'),
    poolId: stage.id('pool'),
    address: '203.0.113.1',
    interface: 'eth1',
  });
  await stage.ask(owner, { type: 'AllocateFloatingIp', data });
  await stage.ask(poolOf(stage), { type: 'ConfirmFloatingAddress', data: { owner } });
  return owner;
}

async function targetOf(stage: Stage): Promise<FloatingTarget> {
  const server = streamRef('instance', stage.id('server'));
  const [port] = addressesOf(await stage.state(server));
  if (port === undefined) throw new Error('the server has no address');
  return { holder: server, portId: port.claimId, networkId: port.network.networkId, fixedAddress: port.address };
}

/** Lets an address lead to the server; nobody has said yet on which host. */
export async function leadToServer(stage: Stage): Promise<StreamRef> {
  await addRange(stage, '203.0.113.1', '203.0.113.6', 'eth1');
  const floating = await allocate(stage);
  await stage.ask(floating, { type: 'AssociateFloatingIp', data: await targetOf(stage) });
  await stage.carryOut(floating, 'BindFloatingIp');
  return floating;
}
