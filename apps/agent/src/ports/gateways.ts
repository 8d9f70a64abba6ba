import type { NetworkPeers, NetworkSpec, NicSpec, ServedGuest } from '@cairn/host-protocol';

import type { FloatingIp, Port } from './host-network.port';

/**
 * Whether a host leads guests of the network out, and serves them: each host does it for its own unless the network has one
 * gateway, or one that is none of Cairn's.
 * @param told of the network, to this host; undefined: nothing
 */
export const isGatewayHere = ({ gatewayHosts }: NetworkSpec, told: NetworkPeers | undefined): boolean =>
  gatewayHosts === undefined || (gatewayHosts === 'one' && told?.gateway !== undefined);

/** A guest as its gateway knows it. Networks that have one gateway for all hosts have no IPv6 addresses. */
export type Served = ServedGuest & Pick<NicSpec, 'addressV6'>;

/** The guests that a gateway serves: its own, and as the only one those of all hosts. */
export function servedBy(ports: readonly Port[], told: NetworkPeers | undefined): readonly Served[] {
  const own = ports.map(({ instanceId, hostname, nic: { address, mac, addressV6 } }): Served => ({
    instanceId,
    hostname,
    address,
    mac,
    ...(addressV6 === undefined ? {} : { addressV6 }),
  }));
  const here = new Set(own.map(({ address }) => address));
  return [...own, ...(told?.gateway?.guests ?? []).filter(({ address }) => !here.has(address))];
}

/** Whether the address leads to that guest of the network. */
export const leadsTo = (floating: FloatingIp, networkId: string, { instanceId, address }: ServedGuest): boolean =>
  floating.instanceId === instanceId && floating.networkId === networkId && floating.fixedAddress === address;
