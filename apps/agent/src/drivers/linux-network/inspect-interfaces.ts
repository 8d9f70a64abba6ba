import { allAddresses } from '@cairn/domain';
import type { NetworkSpec } from '@cairn/host-protocol';

import type { Finding, Port } from '../../ports/host-network.port';

import { faultOfBridge, faultOfTap, type HasAddress, strayTaps } from './interface-faults';
import { addressesNow } from './interfaces';
import type { Link, Links } from './links';
import { tapName } from './names';
import { runNetworkTool } from './network-tool';
import type { PortedNetwork } from './ruleset';

/** Addresses of both families with their prefixes, by interface, also of those that no running guest keeps up. */
export type Addresses = ReadonlyMap<string, readonly string[]>;

interface Shown {
  readonly ifname?: string;
  readonly addr_info?: readonly { readonly local: string; readonly prefixlen: number }[];
}

/** All of the host, by one process. */
export async function readAddresses(): Promise<Addresses> {
  const shown = JSON.parse(await runNetworkTool('ip', ['-json', 'address', 'show'])) as readonly Shown[];
  return new Map(
    shown.map(({ ifname = '', addr_info: all = [] }) => [
      ifname,
      all.map(({ local, prefixlen }) => `${local}/${String(prefixlen)}`),
    ]),
  );
}

/** Whether an interface has an address, as they were read. */
export const hasIn =
  (addresses: Addresses): HasAddress =>
  (device, address) =>
    addresses.get(device)?.includes(address) === true;

/**
 * Whether a bridge of these networks has an address. A host that was a gateway and is not any more may have one on a bridge
 * without a running guest, which only the longer way finds.
 */
export async function addressesFor(networks: readonly PortedNetwork[]): Promise<HasAddress> {
  const mayBeLeft = networks.some(({ spec, isGateway }) => spec.gatewayHosts === 'one' && !isGateway);
  return mayBeLeft ? hasIn(await readAddresses()) : addressesNow();
}

/** A network's bridge and the taps of its ports, and taps on the host that belong to no port of it. */
export function inspectInterfaces(network: PortedNetwork, links: Links, addresses: Addresses): readonly Finding[] {
  const { spec, ports } = network;
  return [
    inspectBridge(network, links.get(spec.bridge), addresses),
    ...ports.map((port) => inspectTap(port, spec, links.get(tapName(port.instanceId, port.index)))),
    ...strayTaps(network, links).map(({ ifname }): Finding => {
      const says = `The tap ${ifname} is marked as one of ${spec.bridge}, but no guest has it.`;
      return { topic: 'port', name: ifname, verdict: 'wrong', says, networkId: spec.networkId };
    }),
  ];
}

function inspectBridge(network: PortedNetwork, link: Link | undefined, addresses: Addresses): Finding {
  const { spec, ports, isGateway, isBorrowed, served } = network;
  const { networkId, label, bridge } = spec;
  const wrong = isBorrowed ? null : faultOfBridge(network, link, hasIn(addresses));
  const role = isGateway
    ? `is the gateway ${[spec.gateway, ...(spec.ipv6 === undefined ? [] : [spec.ipv6.gateway])].join(' and ')} of ${String(served.length)} guest(s)`
    : `joins ${String(ports.length)} port(s); its gateway is elsewhere`;
  const right = isBorrowed
    ? `The bridge ${bridge} is the administrator's; ${String(ports.length)} port(s) of the network ${label} are on it.`
    : `The bridge ${bridge} of the network ${label} ${role}, with MTU ${String(spec.mtu)}.`;
  return {
    topic: 'bridge',
    name: bridge,
    verdict: wrong === null ? 'right' : 'wrong',
    says: wrong ?? right,
    networkId,
  };
}

function inspectTap({ instanceId, index, nic }: Port, spec: NetworkSpec, link: Link | undefined): Finding {
  const name = tapName(instanceId, index);
  const wrong = faultOfTap(name, spec, link);
  const right = `The tap ${name} of ${allAddresses(nic).join(' and ')} (${nic.mac}) is a port of ${spec.bridge}.`;
  const verdict = wrong === null ? 'right' : 'wrong';
  return {
    topic: 'port',
    name,
    verdict,
    says: wrong ?? right,
    networkId: spec.networkId,
    instanceId,
    address: nic.address,
  };
}
