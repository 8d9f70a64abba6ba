import { own } from '@cairn/domain';
import { networkInterfaces } from 'node:os';

import type { NetworkSpec } from '@cairn/host-protocol';

import type { Port } from '../../ports/host-network.port';

import { networkFailure, overlaps, overlapsV6 } from './check-port';
import type { IpBatch, IpCommand } from './ip-batch';
import {
  blockOf,
  faultOfBridge,
  faultOfTap,
  gatewayOf,
  gatewaysV6,
  type HasAddress,
  macOf,
  strayTaps,
} from './interface-faults';
import { disableIpv6, enableIpv6 } from './kernel-settings';
import { isBridgeOf, isLentTo, type Links, readLink } from './links';
import { tapAlias, tapName } from './names';
import { runNetworkTool } from './network-tool';
import type { StoredNetwork } from './port-store';
import { blockText } from './routes';
import type { PortedNetwork } from './ruleset';

interface Route {
  readonly dst: string;
  readonly dev?: string;
}

/**
 * Whether a network that is not there yet may be made here.
 * @throws JobFailure when the bridge's name is taken by something else, or the host reaches the network's addresses by
 * another way already: what was reached there would be lost.
 */
export async function checkHost(
  { spec, isGateway }: Pick<PortedNetwork, 'spec' | 'isGateway'>,
  links: Links,
): Promise<void> {
  if (links.has(spec.bridge)) {
    throw networkFailure(
      `An interface ${spec.bridge} exists on this host and was not made for the network ${spec.label}`,
    );
  }
  if (!isGateway) return; // the host gets no route to it
  refuseClash(
    spec,
    spec.cidr,
    (await routes('-4')).find(({ dst }) => dst !== 'default' && overlaps(dst, spec.cidr)),
  );
  if (spec.ipv6 === undefined) return;
  const { cidr } = spec.ipv6;
  const inBlock = ({ dst }: Route): boolean => overlapsV6(dst.includes('/') ? dst : `${dst}/128`, cidr);
  refuseClash(spec, cidr, (await routes('-6')).find(inBlock));
}

function refuseClash({ label }: NetworkSpec, block: string, clash: Route | undefined): void {
  if (clash === undefined) return;
  const where = clash.dev === undefined ? 'elsewhere' : `to ${clash.dev}`;
  throw networkFailure(`${block} of the network ${label} overlaps ${clash.dst}, routed ${where} on this host`);
}

async function routes(family: '-4' | '-6'): Promise<readonly Route[]> {
  const shown = await runNetworkTool('ip', ['-json', family, 'route', 'show', 'table', 'all']);
  return (shown.trim() === '' ? [] : JSON.parse(shown)) as readonly Route[];
}

/** The steps for an interface: first those that create it, then those that configure it. */
interface Steps {
  readonly name: string;
  /** Whether the host speaks IPv6 there. Absent: no. */
  readonly speaksIpv6?: boolean;
  readonly make: readonly IpCommand[];
  readonly complete: readonly IpCommand[];
}

/** What a network lacks of its interfaces: its bridge, with the gateway's address on a gateway, and a tap on it for each port. */
export interface InterfacePlan {
  readonly bridge: Steps;
  readonly taps: readonly Steps[];
}

/** @param has what addresses the host has; a bridge without a running guest may be left out of it only on its gateway */
export const planInterfaces = (
  { spec, ports, isGateway }: PortedNetwork,
  links: Links,
  has: HasAddress,
): InterfacePlan => ({
  bridge: stepsOfBridge({ spec, isGateway }, links, has),
  taps: ports.map((port) => stepsOfTap(port, spec, links)),
});

/** Creates the interface if it is missing. No frame passes yet: it is not up. */
export const makeInterfaces = ({ bridge, taps }: InterfacePlan, ip: IpBatch): Promise<void> =>
  ip.run([bridge, ...taps].flatMap(({ make }) => make));

/** Makes all as they should be. One is up only when it is complete: before, the host speaks IPv6 on it, or gives that up. */
export async function completeInterfaces({ bridge, taps }: InterfacePlan, ip: IpBatch): Promise<void> {
  const steps = [bridge, ...taps].filter(({ complete }) => complete.length > 0);
  for (const { name, speaksIpv6 } of steps) (speaksIpv6 === true ? enableIpv6 : disableIpv6)(name);
  await ip.run(steps.flatMap(({ complete }) => complete));
}

/** Whether a server can listen at the gateway before anything is done. */
export const hasGateway = ({ bridge }: InterfacePlan): boolean => bridge.complete.length === 0;

function stepsOfBridge(
  { spec, isGateway }: Pick<PortedNetwork, 'spec' | 'isGateway'>,
  links: Links,
  has: HasAddress,
): Steps {
  const { bridge: name, mtu, ipv6 } = spec;
  const mac = macOf({ spec, isGateway });
  const link = links.get(name);
  if (isLentTo(link, spec) || faultOfBridge({ spec, isGateway }, link, has) === null)
    return { name, make: [], complete: [] };
  const kind = ['type', 'bridge', 'forward_delay', '0', 'stp_state', '0'];
  const add = ['link', 'add', 'name', name, 'address', mac, ...kind];
  return {
    name,
    speaksIpv6: ipv6 !== undefined,
    make: isBridgeOf(link, spec) ? [] : [add],
    complete: [
      ...(isGateway ? [['address', 'replace', gatewayOf(spec), 'broadcast', '+', 'dev', name]] : []),
      ...(!isGateway && has(name, gatewayOf(spec)) ? [['address', 'delete', gatewayOf(spec), 'dev', name]] : []),
      ['link', 'set', 'dev', name, 'address', mac, 'mtu', String(mtu), 'up'],
      ...(isGateway ? [routeOf(spec)] : []),
      // nobody else may have them, and a server has to listen at them at once
      ...gatewaysV6(spec).map((address) => ['address', 'replace', address, 'dev', name, 'nodad']),
      ...(ipv6 === undefined ? [] : [['route', 'replace', ipv6.cidr, 'dev', name, 'proto', 'kernel', 'metric', '256']]),
    ],
  };
}

/** The kernel makes it with the address, but not again when somebody has deleted it alone. */
const routeOf = (spec: NetworkSpec): IpCommand => {
  const { bridge, gateway } = spec;
  return [
    'route',
    'replace',
    blockText(blockOf(spec)),
    'dev',
    bridge,
    'proto',
    'kernel',
    'scope',
    'link',
    'src',
    gateway,
  ];
};

/**
 * What addresses the host has now. Costs no process, and is asked once for all networks; a bridge without a running guest is
 * not listed and counts as one without its address.
 */
export function addressesNow(): HasAddress {
  const all = networkInterfaces();
  return (device, address) => own(all, device)?.some(({ cidr }) => cidr === address) === true;
}

function stepsOfTap(port: Port, spec: NetworkSpec, links: Links): Steps {
  const { networkId, bridge, mtu } = spec;
  const name = tapName(port.instanceId, port.index);
  const alias = ['alias', tapAlias(networkId)];
  const link = links.get(name);
  if (faultOfTap(name, spec, link) === null) return { name, make: [], complete: [] };
  // With its alias at once: by that it is found when it is not wanted any more.
  const add = [
    ['tuntap', 'add', 'dev', name, 'mode', 'tap'],
    ['link', 'set', 'dev', name, ...alias],
  ];
  return {
    name,
    make: link === undefined ? add : [],
    complete: [['link', 'set', 'dev', name, ...alias, 'mtu', String(mtu), 'master', bridge, 'up']],
  };
}

/** Takes away the network's taps, except those of its ports. */
export async function removeTaps(network: StoredNetwork, links: Links, ip: IpBatch): Promise<void> {
  for (const { ifname } of strayTaps(network, links)) await removeLink(ifname, ip);
}

/** Takes the network's bridge away, unless somebody else's has its name. */
export async function removeBridge(spec: NetworkSpec, links: Links, ip: IpBatch): Promise<void> {
  if (isBridgeOf(links.get(spec.bridge), spec)) await removeLink(spec.bridge, ip);
}

/** Nothing to do for one that is gone already. */
export const removeLink = (name: string, ip: IpBatch): Promise<void> =>
  ip.remove(['link', 'delete', 'dev', name], () => readLink(name) !== null);
