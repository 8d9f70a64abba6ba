import { readFileSync } from 'node:fs';

import type { NetworkSpec } from '@cairn/host-protocol';

import type { Finding } from '../../ports/host-network.port';
import { runCommand } from '../host-command';

import { networkFailure } from './check-port';
import { removeLink } from './interfaces';
import type { IpBatch } from './ip-batch';
import { disableIpv6 } from './kernel-settings';
import { type Link, type Links, readLink, readLinks } from './links';
import { vlanAlias, vlanName } from './names';

/** A network whose frames have an 802.1Q tag on the way between hosts. */
type VlanSpec = NetworkSpec & { readonly segment: NonNullable<NetworkSpec['segment']> };

const isVlan = (spec: NetworkSpec): spec is VlanSpec => spec.segment?.type === 'vlan';

const deviceOf = ({ segment }: VlanSpec): string => vlanName(segment.id);

/** There as soon as the kernel knows 802.1Q. */
const KNOWN_VLANS = '/proc/net/vlan/config';

const hasVlans = (): boolean => {
  try {
    return readFileSync(KNOWN_VLANS, 'utf8') !== '';
  } catch {
    return false;
  }
};

/** Why this host has no VLANs, or null. The module is loaded where it is not yet. */
export async function vlansMissing(): Promise<string | null> {
  if (!hasVlans()) await runCommand('modprobe', ['8021q']).catch(() => undefined);
  return hasVlans() ? null : 'the kernel of this host has no 802.1Q (8021q)';
}

/**
 * Whether the frames of a network that is a VLAN can leave this host.
 * @throws JobFailure on a kernel without VLANs, without the interface, and where the device's name is taken by something else.
 */
export async function checkVlan(spec: NetworkSpec, links: Links): Promise<void> {
  if (!isVlan(spec)) return;
  const { label, mtu, networkId, interface: trunk } = spec;
  const missing = await vlansMissing();
  if (missing !== null) throw networkFailure(`The network ${label} is a VLAN, and ${missing}`);
  if (trunk === undefined) throw networkFailure(`The network ${label} is a VLAN, and names no interface`);
  const carrier = links.get(trunk);
  if (carrier === undefined)
    throw networkFailure(`There is no interface ${trunk} on this host for the network ${label}`);
  if (carrier.mtu < mtu) {
    const why = `too little for the network ${label}, which has the MTU ${String(mtu)}`;
    throw networkFailure(`${trunk} has the MTU ${String(carrier.mtu)}: ${why}`);
  }
  const link = links.get(deviceOf(spec));
  if (link !== undefined && link.ifalias !== vlanAlias(networkId))
    throw networkFailure(`An interface ${link.ifname} exists on this host and was not made for the network ${label}`);
}

/** Makes the device of a network whose bridge is there a port of that. @throws JobFailure as `checkVlan` */
export async function settleVlan(spec: NetworkSpec, ip: IpBatch): Promise<void> {
  if (!isVlan(spec)) return;
  const { interface: trunk = '', segment, networkId, mtu, bridge } = spec;
  const name = deviceOf(spec);
  const link = readLink(name);
  if (faultOf(spec, link, readLink(trunk)) === null) return;
  await checkVlan(spec, readLinks()); // the host may have changed under a network that is there
  const kind = ['type', 'vlan', 'id', String(segment.id)];
  await ip.run([
    ...(link === null ? [['link', 'add', 'link', trunk, 'name', name, ...kind]] : []),
    // With its alias at once: by that it is known as the network's.
    ['link', 'set', 'dev', name, 'alias', vlanAlias(networkId)],
  ]);
  disableIpv6(name);
  await ip.run([
    ['link', 'set', 'dev', trunk, 'up'],
    ['link', 'set', 'dev', name, 'mtu', String(mtu), 'master', bridge, 'up'],
  ]);
}

export async function removeVlan(spec: NetworkSpec, links: Links, ip: IpBatch): Promise<void> {
  if (!isVlan(spec)) return;
  const link = links.get(deviceOf(spec));
  if (link?.ifalias === vlanAlias(spec.networkId)) await removeLink(link.ifname, ip);
}

export function inspectVlan(spec: NetworkSpec, links: Links): readonly Finding[] {
  if (!isVlan(spec)) return [];
  const { interface: trunk = '', segment, label, networkId } = spec;
  const name = deviceOf(spec);
  const wrong = faultOf(spec, links.get(name), links.get(trunk));
  const right = `${name} joins the network ${label} with other hosts, by the 802.1Q tag ${String(segment.id)} on ${trunk}.`;
  return [{ topic: 'other-hosts', name, verdict: wrong === null ? 'right' : 'wrong', says: wrong ?? right, networkId }];
}

/** What of a network's VLAN device is not as it should be, in a sentence; null when all is. */
function faultOf(spec: VlanSpec, link: Link | null | undefined, trunk: Link | null | undefined): string | null {
  const { networkId, label, bridge, mtu } = spec;
  const name = deviceOf(spec);
  const lost = `guests of the network ${label} do not reach other hosts.`;
  if (link === null || link === undefined) return `${name} is gone: ${lost}`;
  if (link.ifalias !== vlanAlias(networkId))
    return `${name} is an interface that was not made for the network ${label}.`;
  if (link.master !== bridge) return `${name} is no port of ${bridge}: ${lost}`;
  if (!link.isUp) return `${name} is down: ${lost}`;
  if (trunk?.isUp !== true) return `The interface that ${name} is on is down: ${lost}`;
  return link.mtu === mtu ? null : `${name} has the MTU ${String(link.mtu)} instead of ${String(mtu)}.`;
}
