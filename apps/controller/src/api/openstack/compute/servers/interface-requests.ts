import { ArrayNotEmpty } from 'class-validator';
import { networkNotFound } from '../../../../application/network/usable-networks';
import {
  AttachInterface,
  DetachInterface,
  type WantedInterface,
} from '../../../../application/server/server-interfaces.handler';
import { HttpProblem, IsText, MayBeAbsent, NestedList, OptionalNested } from '../../../http';
import { badRequest, requireKnownFields } from '../shared/additional';
import { isUuid, IsIpv4, IsUuidText } from '../shared/validators';
import { commandAction } from './command-action';
import { IsTag } from './server-tags';

class FixedIpBody {
  @IsIpv4() readonly ip_address!: string;
}

class AttachmentBody {
  @MayBeAbsent() @IsUuidText() readonly net_id?: string;
  @MayBeAbsent() @IsUuidText() readonly port_id?: string;
  @MayBeAbsent() @ArrayNotEmpty() @NestedList(() => FixedIpBody, 1) readonly fixed_ips?: readonly FixedIpBody[];
  @MayBeAbsent() @IsTag() readonly tag?: string;
}

/** Of `POST os-interface`. One that names nothing asks for an interface in the only network. */
export class AttachInterfaceBody {
  @OptionalNested(() => AttachmentBody) readonly interfaceAttachment?: AttachmentBody;
}

/** @throws HttpProblem in nova's words; a port is not found, since ports come and go with their servers. */
export function wantedInterface(
  { interfaceAttachment: body = {} }: AttachInterfaceBody,
  minor: number,
): WantedInterface {
  requireKnownFields(minor, body, { tag: { since: 49 } });
  const { net_id: network, port_id: port, fixed_ips: [fixed] = [], tag } = body;
  if (network !== undefined && port !== undefined) throw badRequest('Must not input both network_id and port_id');
  if (fixed !== undefined && network === undefined) throw badRequest('Must input network_id when request IP address');
  if (port !== undefined) throw new HttpProblem(404, `Port id ${port} could not be found.`);
  const named = tag === undefined ? {} : { tag };
  return { networkId: network?.toLowerCase() ?? null, address: fixed?.ip_address ?? null, ...named };
}

class AddFixedIpBody {
  @IsText(1, 36) readonly networkId!: string;
}

class RemoveFixedIpBody {
  @IsIpv4() readonly address!: string;
}

/** The address comes with an interface of its own, and goes with it. */
export const addFixedIp = commandAction(
  'attachInterface',
  'os-multinic:add',
  AddFixedIpBody,
  async ({ networkId }, { id, scope, context, commands }) => {
    if (!isUuid(networkId)) throw networkNotFound(networkId);
    const wanted = { networkId: networkId.toLowerCase(), address: null };
    await commands.execute(new AttachInterface(id, scope, wanted, context));
    return undefined;
  },
);

export const removeFixedIp = commandAction(
  'detachInterface',
  'os-multinic:remove',
  RemoveFixedIpBody,
  async ({ address }, { id, scope, context, commands }) => {
    await commands.execute(new DetachInterface(id, scope, { address }, context));
    return undefined;
  },
);
