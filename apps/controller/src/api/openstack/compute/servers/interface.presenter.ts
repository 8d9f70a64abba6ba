import { allAddresses } from '@cairn/domain';
import type { ServerAddress } from '@cairn/projections';
import { representation } from '../shared/representation';

interface InterfaceViewer {
  readonly minor: number;
}

/** An address of a server, with what its tenant calls the interface. */
type TaggedAddress = Omit<ServerAddress, 'tag'> & { readonly tag?: string | undefined };

/** As a port of the network service. A network has one range of addresses of each family, and stands for the subnets of both. */
export const presentInterface = representation<TaggedAddress, InterfaceViewer>([
  ['net_id', ({ networkId }) => networkId],
  ['port_id', ({ id }) => id],
  ['mac_addr', ({ mac }) => mac],
  ['port_state', () => 'ACTIVE'],
  [
    'fixed_ips',
    ({ networkId, ...held }) => allAddresses(held).map((address) => ({ ip_address: address, subnet_id: networkId })),
  ],
  ['tag', ({ tag = null }) => tag, { since: 70 }],
]);

/** As nova-network had it. */
export const presentVirtualInterface = representation<ServerAddress, InterfaceViewer>([
  ['id', ({ id }) => id],
  ['mac_address', ({ mac }) => mac],
  ['net_id', ({ networkId }) => networkId, { since: 12 }],
]);
