import { readFile, writeFile } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';

import type { NetworkSpec } from '@cairn/host-protocol';

import type { Port } from '../../ports/host-network.port';
import { codeOf } from '../../unknown-error';
import { CommandFailed, runCommand } from '../host-command';

import { networkFailure, overlaps } from './check-port';
import { parseCidr } from './ipv4';
import { bridgeMac, tapAlias, tapName } from './names';

/** A network interface as `ip -json link` tells it. */
interface Link {
  readonly ifname: string;
  readonly address?: string;
  readonly ifalias?: string;
  readonly master?: string;
  readonly mtu: number;
  readonly flags: readonly string[];
}

interface Route {
  readonly dst: string;
  readonly dev?: string;
}

/** The host's interfaces at one moment. */
export type Links = ReadonlyMap<string, Link>;

export async function readLinks(): Promise<Links> {
  const links = JSON.parse(await ip('-json', 'link', 'show')) as readonly Link[];
  return new Map(links.map((link) => [link.ifname, link]));
}

/** Whether the network's bridge exists, made by this driver for this network. */
const hasBridge = (links: Links, { bridge, networkId }: NetworkSpec): boolean =>
  links.get(bridge)?.address === bridgeMac(networkId);

/** The same as it is now, without a process that lists every interface. */
export async function bridgeExists({ bridge, networkId }: NetworkSpec): Promise<boolean> {
  try {
    return (await readFile(`/sys/class/net/${bridge}/address`, 'utf8')).trim() === bridgeMac(networkId);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}

/**
 * Whether the network may be made here; one that is there already may stay.
 * @throws JobFailure when the bridge's name is taken by something else, or the host reaches the network's addresses by
 * another way already: what was reached there would be lost.
 */
export async function checkHost(spec: NetworkSpec, links: Links): Promise<void> {
  if (hasBridge(links, spec)) return;
  if (links.has(spec.bridge)) {
    throw networkFailure(
      `An interface ${spec.bridge} exists on this host and was not made for the network ${spec.label}`,
    );
  }
  const routes = JSON.parse(await ip('-json', '-4', 'route', 'show', 'table', 'all')) as readonly Route[];
  const clash = routes.find(({ dst }) => dst !== 'default' && overlaps(dst, spec.cidr));
  if (clash !== undefined) {
    const where = clash.dev === undefined ? 'elsewhere' : `to ${clash.dev}`;
    throw networkFailure(
      `${spec.cidr} of the network ${spec.label} overlaps ${clash.dst}, routed ${where} on this host`,
    );
  }
}

/** Makes the bridge with the gateway's address, or mends it. */
export async function ensureBridge(spec: NetworkSpec, links: Links): Promise<void> {
  const { bridge, networkId, gateway, cidr, mtu } = spec;
  if (!hasBridge(links, spec)) {
    const kind = ['type', 'bridge', 'forward_delay', '0', 'stp_state', '0'];
    await ip('link', 'add', 'name', bridge, 'address', bridgeMac(networkId), ...kind);
  }
  await disableIpv6(bridge);
  const address = `${gateway}/${String(parseCidr(cidr)?.prefix ?? 32)}`;
  if (isUp(links.get(bridge), mtu) && hasAddress(bridge, address)) return;
  await ip('address', 'replace', address, 'broadcast', '+', 'dev', bridge);
  await ip('link', 'set', 'dev', bridge, 'mtu', String(mtu), 'up');
}

const isUp = (link: Link | undefined, mtu: number): boolean => link?.mtu === mtu && link.flags.includes('UP');

/** Costs no process; a bridge without a running guest is not listed and counts as one without its address. */
const hasAddress = (bridge: string, address: string): boolean =>
  networkInterfaces()[bridge]?.some(({ cidr }) => cidr === address) === true;

/** Makes the port's tap on its bridge, or mends it. It is up only when it is complete. */
export async function ensureTap(port: Port, links: Links): Promise<void> {
  const { network } = port.nic;
  const name = tapName(port.instanceId, port.index);
  const link = links.get(name);
  if (link !== undefined && isComplete(link, network)) return;
  if (link === undefined) await ip('tuntap', 'add', 'dev', name, 'mode', 'tap');
  await disableIpv6(name);
  const rest = ['alias', tapAlias(network.networkId), 'mtu', String(network.mtu), 'master', network.bridge];
  await ip('link', 'set', 'dev', name, ...rest, 'up');
}

const isComplete = (link: Link, { bridge, mtu, networkId }: NetworkSpec): boolean =>
  link.master === bridge && link.mtu === mtu && link.ifalias === tapAlias(networkId) && link.flags.includes('UP');

/** Takes away the network's taps, except those of `keep`. */
export async function removeTaps({ networkId }: NetworkSpec, keep: readonly Port[], links: Links): Promise<void> {
  const kept = new Set(keep.map(({ instanceId, index }) => tapName(instanceId, index)));
  for (const { ifname, ifalias } of links.values()) {
    if (ifalias === tapAlias(networkId) && !kept.has(ifname)) await removeLink(ifname);
  }
}

/** Takes the network's bridge away, unless somebody else's has its name. */
export async function removeBridge(spec: NetworkSpec, links: Links): Promise<void> {
  if (hasBridge(links, spec)) await removeLink(spec.bridge);
}

async function removeLink(name: string): Promise<void> {
  try {
    await ip('link', 'delete', 'dev', name);
  } catch (error) {
    // It may have gone since it was seen; that it is away is what was wanted.
    if ((await readLinks()).has(name)) throw error;
  }
}

/** These networks carry IPv4; the host must not speak IPv6 on them by itself. Without IPv6 in the kernel there is no such file. */
async function disableIpv6(name: string): Promise<void> {
  try {
    await writeFile(`/proc/sys/net/ipv6/conf/${name}/disable_ipv6`, '1');
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}

async function ip(...args: readonly string[]): Promise<string> {
  try {
    return await runCommand('ip', args);
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
    throw networkFailure(`ip ${args.join(' ')}: ${error.stderr}`, { cause: error });
  }
}
