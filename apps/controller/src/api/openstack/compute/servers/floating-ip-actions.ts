import type { FloatingIpRow } from '@cairn/projections';
import { HttpProblem, MayBeAbsent } from '../../../http';
import { badRequest } from '../shared/additional';
import { IsIpv4 } from '../shared/validators';
import { type Acting, commandAction } from './command-action';

class AddFloatingIpBody {
  @IsIpv4() readonly address!: string;
  @MayBeAbsent() @IsIpv4() readonly fixed_address?: string;
}

class RemoveFloatingIpBody {
  @IsIpv4() readonly address!: string;
}

async function floatingIpAt(address: string, { floatingIps, scope }: Acting): Promise<FloatingIpRow> {
  const found = await floatingIps.at(address, scope);
  if (found === undefined) throw new HttpProblem(404, 'floating IP not found');
  return found;
}

/** An address that leads to another server leaves that one, as nova-network does it. */
export const addFloatingIp = commandAction(
  'addFloatingIp',
  'os-floating-ips:add',
  AddFloatingIpBody,
  async ({ address, fixed_address: fixed = null }, acting) => {
    const { id, request, context, floatingIps, reader } = acting;
    const { addresses } = await reader.one(id, request);
    if (addresses.length === 0) throw badRequest('Instance network is not ready yet');
    if (fixed !== null && !addresses.some((one) => one.address === fixed))
      throw badRequest('Specified fixed address not assigned to instance');
    await floatingIps.associate(await floatingIpAt(address, acting), id, fixed, context);
    return undefined;
  },
);

export const removeFloatingIp = commandAction(
  'removeFloatingIp',
  'os-floating-ips:remove',
  RemoveFloatingIpBody,
  async ({ address }, acting) => {
    const { id, request, context, floatingIps, reader } = acting;
    const floatingIp = await floatingIpAt(address, acting);
    await reader.one(id, request);
    if (floatingIp.instanceId !== id)
      throw new HttpProblem(409, `Floating IP ${address} is not associated with instance ${id}.`);
    await floatingIps.disassociate(floatingIp, id, context);
    return undefined;
  },
);
