import type { NetworkSpec } from '@cairn/host-protocol';

import type { Finding, Port } from '../../ports/host-network.port';

import { parseCidr } from './ipv4';
import { speaksIpv6 } from './kernel-settings';
import { isBridgeOf, type Link, type Links } from './links';
import { tapAlias, tapName } from './names';
import { runNetworkTool } from './network-tool';
import { blockText, hasRoute } from './routes';
import type { PortedNetwork } from './ruleset';

/** IPv4 addresses with their prefixes, by interface, also of those that no running guest keeps up. */
export type Addresses = ReadonlyMap<string, readonly string[]>;

interface Shown {
  readonly ifname?: string;
  readonly addr_info?: readonly { readonly local: string; readonly prefixlen: number }[];
}

/** All of the host, by one process. */
export async function readAddresses(): Promise<Addresses> {
  const shown = JSON.parse(await runNetworkTool('ip', ['-json', '-4', 'address', 'show'])) as readonly Shown[];
  return new Map(
    shown.map(({ ifname = '', addr_info: all = [] }) => [
      ifname,
      all.map(({ local, prefixlen }) => `${local}/${String(prefixlen)}`),
    ]),
  );
}

/** A network's bridge and the taps of its ports, and taps on the host that belong to no port of it. */
export function inspectInterfaces(network: PortedNetwork, links: Links, addresses: Addresses): readonly Finding[] {
  const { spec, ports } = network;
  return [
    inspectBridge(network, links.get(spec.bridge), addresses),
    ...ports.map((port) => inspectTap(port, spec, links.get(tapName(port.instanceId, port.index)))),
    ...strayTaps(network, links),
  ];
}

function inspectBridge({ spec, ports }: PortedNetwork, link: Link | undefined, addresses: Addresses): Finding {
  const { networkId, label, bridge } = spec;
  const wrong = faultOfBridge(spec, link, addresses);
  const right = `The bridge ${bridge} of the network ${label} is the gateway ${spec.gateway} of ${String(ports.length)} port(s), with MTU ${String(spec.mtu)}.`;
  return {
    topic: 'bridge',
    name: bridge,
    verdict: wrong === null ? 'right' : 'wrong',
    says: wrong ?? right,
    networkId,
  };
}

function faultOfBridge(spec: NetworkSpec, link: Link | undefined, addresses: Addresses): string | null {
  const { label, bridge, gateway, mtu } = spec;
  const cidr = parseCidr(spec.cidr) ?? { first: 0, prefix: 32 };
  const address = `${gateway}/${String(cidr.prefix)}`;
  if (link === undefined) return `The bridge ${bridge} of the network ${label} is gone: its guests reach nothing.`;
  if (!isBridgeOf(link, spec)) return `${bridge} is an interface that was not made for the network ${label}.`;
  if (!link.isUp) return `The bridge ${bridge} is down: guests of the network ${label} reach nothing.`;
  if (link.mtu !== mtu) return `The bridge ${bridge} has the MTU ${String(link.mtu)} instead of ${String(mtu)}.`;
  if (addresses.get(bridge)?.includes(address) !== true)
    return `The bridge ${bridge} has lost the gateway's address ${address}: guests get no lease and no way out.`;
  if (!hasRoute(bridge, cidr))
    return `The route to ${blockText(cidr)} by ${bridge} is gone: nothing comes back to guests.`;
  if (speaksIpv6(bridge)) return `The host speaks IPv6 on ${bridge}, which carries IPv4 alone.`;
  return null;
}

function inspectTap({ instanceId, index, nic }: Port, spec: NetworkSpec, link: Link | undefined): Finding {
  const name = tapName(instanceId, index);
  const wrong = faultOfTap(name, spec, link);
  const right = `The tap ${name} of ${nic.address} (${nic.mac}) is a port of ${spec.bridge}.`;
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

function faultOfTap(name: string, { networkId, bridge, mtu }: NetworkSpec, link: Link | undefined): string | null {
  if (link === undefined) return `The tap ${name} is gone: its guest needs a hard reboot to be connected to a new one.`;
  if (link.master === null) return `The tap ${name} is no port of ${bridge}: its guest reaches nothing.`;
  if (link.master !== bridge) return `The tap ${name} is a port of ${link.master} instead of ${bridge}.`;
  if (!link.isUp) return `The tap ${name} is down: its guest reaches nothing.`;
  if (link.mtu !== mtu) return `The tap ${name} has the MTU ${String(link.mtu)} instead of ${String(mtu)}.`;
  if (link.ifalias !== tapAlias(networkId)) return `The tap ${name} has lost the mark by which it is known as Cairn's.`;
  return speaksIpv6(name) ? `The host speaks IPv6 on ${name}, which carries IPv4 alone.` : null;
}

function strayTaps({ spec: { networkId, bridge }, ports }: PortedNetwork, links: Links): readonly Finding[] {
  const wanted = new Set(ports.map(({ instanceId, index }) => tapName(instanceId, index)));
  return [...links.values()]
    .filter(({ ifname, ifalias }) => ifalias === tapAlias(networkId) && !wanted.has(ifname))
    .map(({ ifname }) => {
      const says = `The tap ${ifname} is marked as one of ${bridge}, but no guest has it.`;
      return { topic: 'port', name: ifname, verdict: 'wrong', says, networkId };
    });
}
