import type { NetworkPeers, NetworkSpec, ServedGuest } from '@cairn/host-protocol';

import type { FloatingIp, Port } from './host-network.port';

/**
 * Whether a host leads guests of the network out, and serves them: each host does it for its own unless the network has one
 * gateway, or one that is none of Cairn's.
 * @param told of the network, to this host; undefined: nothing
 */
export const isGatewayHere = ({ gatewayHosts }: NetworkSpec, told: NetworkPeers | undefined): boolean =>
  gatewayHosts === undefined || (gatewayHosts === 'one' && told?.gateway !== undefined);

/** The guests that a gateway serves: its own, and as the only one those of all hosts. */
export function servedBy(ports: readonly Port[], told: NetworkPeers | undefined): readonly ServedGuest[] {
  const own = ports.map(({ instanceId, hostname, nic: { address, mac } }) => ({ instanceId, hostname, address, mac }));
  const here = new Set(own.map(({ address }) => address));
  return [...own, ...(told?.gateway?.guests ?? []).filter(({ address }) => !here.has(address))];
}

/** Whether the address leads to that guest of the network. */
export const leadsTo = (floating: FloatingIp, networkId: string, { instanceId, address }: ServedGuest): boolean =>
  floating.instanceId === instanceId && floating.networkId === networkId && floating.fixedAddress === address;
