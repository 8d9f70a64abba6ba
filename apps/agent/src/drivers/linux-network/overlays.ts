import { networkInterfaces } from 'node:os';
import { join } from 'node:path';

import type { NetworkPeers, NetworkSpec } from '@cairn/host-protocol';

import type { Finding } from '../../ports/host-network.port';
import type { Log } from '../../ports/log.port';

import { removeLink } from './interfaces';
import type { IpBatch } from './ip-batch';
import { JsonTable, keepNewest } from './json-table';
import { type Link, type Links, readLink } from './links';
import { overlayName } from './names';
import { runNetworkTool } from './network-tool';
import { type Overlay, VXLAN_PORT } from './overlay-rules';

/** Where frames go whose receiver is not known: to each of the network's other hosts. */
const EVERYBODY = '00:00:00:00:00:00';

/** An entry of a forwarding database, as `bridge -json fdb show` prints it. */
interface Entry {
  readonly mac: string;
  readonly ifname?: string;
  readonly dst?: string;
}

/** What VXLAN over IPv4 puts around a frame, in bytes. */
const OVERHEAD = 50;

/** What the host was told of the other hosts of networks, by network: `peers/<network>.json` each. */
export const keptPeers = (directory: string, log?: Log): JsonTable<NetworkPeers> =>
  new JsonTable(join(directory, 'peers'), log);

/** The VXLAN devices of networks that span hosts, each a port of its network's bridge. */
export class Overlays {
  private readonly known: JsonTable<NetworkPeers>;

  /** @param address at which other hosts reach this one */
  constructor(
    directory: string,
    private readonly ip: IpBatch,
    readonly address: string,
    log: Log,
  ) {
    this.known = keptPeers(directory, log);
  }

  /** @returns whether they are the newest that is known. */
  save(networkId: string, peers: NetworkPeers): Promise<boolean> {
    return keepNewest(this.known, networkId, peers);
  }

  /** What is known of each network. */
  told(): Promise<ReadonlyMap<string, NetworkPeers>> {
    return this.known.all();
  }

  /** Those of these networks that VXLAN joins, with the hosts that each is shared with. */
  async of(networks: readonly NetworkSpec[]): Promise<readonly Overlay[]> {
    const known = await this.known.all();
    return networks
      .filter(({ segment }) => segment?.type === 'vxlan')
      .map((spec) => ({ spec, peers: known.get(spec.networkId)?.peers ?? [] }));
  }

  /** Makes the device of a network, whose bridge is there, and lets it send to the network's hosts and no others. */
  async settle(spec: NetworkSpec): Promise<void> {
    const [overlay] = await this.of([spec]);
    if (overlay === undefined) return;
    await this.make(spec);
    await this.lead(overlay);
  }

  async remove({ networkId }: NetworkSpec, links: Links): Promise<void> {
    const name = overlayName(networkId);
    if (links.has(name)) await removeLink(name, this.ip);
  }

  private async make(spec: NetworkSpec): Promise<void> {
    const { networkId, segment, bridge, mtu } = spec;
    const name = overlayName(networkId);
    const link = readLink(name);
    if (isWhole(spec, link)) return;
    const kind = ['type', 'vxlan', 'id', String(segment?.id), 'local', this.address, 'dstport', String(VXLAN_PORT)];
    await this.ip.run([
      ...(link === null ? [['link', 'add', 'name', name, ...kind]] : []),
      ['link', 'set', 'dev', name, 'mtu', String(mtu), 'master', bridge, 'up'],
    ]);
  }

  private async lead({ spec, peers }: Overlay): Promise<void> {
    const name = overlayName(spec.networkId);
    const { lacking, excess } = compared(peers, peersIn(await entries('dev', name)));
    const commands = [...lacking.map((peer) => ['append', peer]), ...excess.map((peer) => ['delete', peer])].map(
      ([verb = '', peer = '']) => `fdb ${verb} ${EVERYBODY} dev ${name} dst ${peer}\n`,
    );
    if (commands.length > 0) await runNetworkTool('bridge', ['-batch', '-'], commands.join(''));
  }

  /** The devices of these networks, whom they send to, and whether what they send fits this host's own network. */
  async inspect(networks: readonly NetworkSpec[], links: Links): Promise<readonly Finding[]> {
    const overlays = await this.of(networks);
    if (overlays.length === 0) return [];
    const shown = await entries();
    const outside = this.outside(links);
    return overlays.flatMap(({ spec, peers }) => {
      const name = overlayName(spec.networkId);
      const present = peersIn(shown.filter(({ ifname }) => ifname === name));
      return [inspectDevice(spec, links.get(name)), inspectPeers(spec, peers, present), ...inspectRoom(spec, outside)];
    });
  }

  /** The interface at which other hosts reach this one. */
  private outside(links: Links): Link | undefined {
    const device = Object.entries(networkInterfaces()).find(([, all = []]) =>
      all.some(({ address }) => address === this.address),
    )?.[0];
    return links.get(device ?? '');
  }
}

async function entries(...which: readonly string[]): Promise<readonly Entry[]> {
  const shown = await runNetworkTool('bridge', ['-json', 'fdb', 'show', ...which]);
  return (shown.trim() === '' ? [] : JSON.parse(shown)) as readonly Entry[];
}

const peersIn = (shown: readonly Entry[]): readonly string[] =>
  shown.flatMap(({ mac, dst }) => (mac === EVERYBODY && dst !== undefined ? [dst] : []));

const isWhole = ({ bridge, mtu }: NetworkSpec, link: Link | null | undefined): boolean =>
  link?.master === bridge && link.mtu === mtu && link.isUp;

/** The hosts that a device should send to and does not, and those that it sends to and should not. */
const compared = (
  peers: readonly string[],
  present: readonly string[],
): { readonly lacking: readonly string[]; readonly excess: readonly string[] } => ({
  lacking: peers.filter((peer) => !present.includes(peer)),
  excess: present.filter((peer) => !peers.includes(peer)),
});

function inspectDevice(spec: NetworkSpec, link: Link | undefined): Finding {
  const { networkId, label, bridge } = spec;
  const found = { topic: 'other-hosts', name: overlayName(networkId), networkId } as const;
  const { name } = found;
  if (isWhole(spec, link))
    return { ...found, verdict: 'right', says: `${name} joins the network ${label} with other hosts by VXLAN.` };
  const why = link === undefined ? 'is gone' : `is not as it should be a port of ${bridge}`;
  return {
    ...found,
    verdict: 'wrong',
    says: `${name} ${why}: guests of the network ${label} do not reach other hosts.`,
  };
}

function inspectPeers(
  { networkId, label }: NetworkSpec,
  peers: readonly string[],
  present: readonly string[],
): Finding {
  const found = { topic: 'other-hosts', name: `peers of ${overlayName(networkId)}`, networkId } as const;
  const { lacking, excess } = compared(peers, present);
  if (lacking.length > 0)
    return {
      ...found,
      verdict: 'wrong',
      says: `Frames of the network ${label} are not sent to ${lacking.join(', ')}, which has guests in it.`,
    };
  if (excess.length > 0)
    return {
      ...found,
      verdict: 'wrong',
      says: `Frames of the network ${label} are sent to ${excess.join(', ')}, which is no host of it.`,
    };
  return {
    ...found,
    verdict: 'right',
    says: `Frames of the network ${label} go to ${String(peers.length)} other host(s).`,
  };
}

function inspectRoom({ label, mtu, networkId }: NetworkSpec, outside: Link | undefined): readonly Finding[] {
  if (outside === undefined || outside.mtu >= mtu + OVERHEAD) return [];
  const says = `${outside.ifname} has the MTU ${String(outside.mtu)}: frames of ${String(mtu)} bytes of the network ${label} do not reach other hosts, which takes ${String(mtu + OVERHEAD)}.`;
  return [{ topic: 'other-hosts', name: outside.ifname, verdict: 'advice', says, networkId }];
}
