import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { basename, join } from 'node:path';

import type { NetworkSpec } from '@cairn/host-protocol';
import { codeOf } from '@cairn/os';

import { bridgeMac, memberMac, tapAlias } from './names';

/** A network interface of the host. */
export interface Link {
  readonly ifname: string;
  readonly address: string;
  /** Empty when it has none. */
  readonly ifalias: string;
  /** The bridge that it is a port of. */
  readonly master: string | null;
  readonly mtu: number;
  readonly isUp: boolean;
  /** It takes frames for any hardware address. */
  readonly isPromiscuous: boolean;
  readonly isBridge: boolean;
}

/** The host's interfaces at one moment. */
export type Links = ReadonlyMap<string, Link>;

const INTERFACES = '/sys/class/net';
/** IFF_UP and IFF_PROMISC of <linux/if.h>. */
const [UP, PROMISCUOUS] = [0x1, 0x100];
/** What the kernel answers for an interface that goes while it is read, and for a file beside the interfaces. */
const NONE = ['ENOENT', 'EINVAL', 'ENODEV', 'ENOTDIR'];

/**
 * Reads them where the kernel shows them as files: no process is needed. Nothing there waits for a device, and to hand
 * each of these small reads to another thread costs ten times as much (0.1 ms an interface).
 */
export function readLinks(): Links {
  const links = readdirSync(INTERFACES).map(readLink);
  return new Map(links.filter((link) => link !== null).map((link) => [link.ifname, link]));
}

/** One of them as it is now, or null. */
export function readLink(ifname: string): Link | null {
  const value = (name: string): string => readFileSync(join(INTERFACES, ifname, name), 'utf8').trimEnd();
  return orNull(NONE, () => {
    const flags = Number(value('flags'));
    return {
      ifname,
      address: value('address'),
      ifalias: value('ifalias'),
      master: masterOf(ifname),
      mtu: Number(value('mtu')),
      isUp: (flags & UP) !== 0,
      isPromiscuous: (flags & PROMISCUOUS) !== 0,
      isBridge: existsSync(join(INTERFACES, ifname, 'bridge')),
    };
  });
}

/** The bridge that an interface is a port of, or null. */
export function bridgeOf(ifname: string): Link | null {
  const master = masterOf(ifname);
  return master === null ? null : readLink(master);
}

const masterOf = (ifname: string): string | null =>
  orNull(['ENOENT'], () => basename(readlinkSync(join(INTERFACES, ifname, 'master'))));

function orNull<T>(codes: readonly string[], read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (codes.includes(codeOf(error) ?? '')) return null;
    throw error;
  }
}

/** Whether it is the network's bridge, made by this driver for this network. */
export const isBridgeOf = (link: Link | null | undefined, { networkId }: NetworkSpec): boolean =>
  link?.address === bridgeMac(networkId) || link?.address === memberMac(networkId);

/**
 * Whether it is a bridge that the administrator made for the network: taps of guests become its ports, and nothing is changed
 * of it. Of networks that Cairn's hosts are not the gateway of.
 */
export const isLentTo = (link: Link | null | undefined, spec: NetworkSpec): boolean =>
  spec.gatewayHosts === 'none' && link?.isBridge === true && !isBridgeOf(link, spec);

/** Whether the network's bridge is there, Cairn's or the administrator's. */
export const hasBridge = (link: Link | null | undefined, spec: NetworkSpec): boolean =>
  isBridgeOf(link, spec) || isLentTo(link, spec);

/** Whether anything of the network is there: its bridge, or a tap. */
export const isOnHost = (spec: NetworkSpec, links: Links): boolean =>
  isBridgeOf(links.get(spec.bridge), spec) ||
  [...links.values()].some(({ ifalias }) => ifalias === tapAlias(spec.networkId));
