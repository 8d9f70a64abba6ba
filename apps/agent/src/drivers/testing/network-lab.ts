import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { HostNetworkHarness } from '../../ports/host-network.contract';
import { runCommand } from '../host-command';
import { LinuxHostNetwork, type LinuxNetworkOptions } from '../linux-network/linux-host-network';
import { tapAlias } from '../linux-network/names';
import { CLOUD, keptNames } from '../linux-network/outside-names';
import { keptPeers } from '../linux-network/overlays';
import { keptSecurity } from '../linux-network/port-store';
import { pidsWithArgument } from '../process-table';

import { damageByHand } from './damage';
import { missingHere, openDirectory } from './host-lab';
import { ip, TEST_TABLE, testNetwork } from './test-networks';

export { ip, portOf, TEST_TABLE, testNetwork } from './test-networks';

export const TEST_METADATA_PORT = 18_776;
export const networkMissing = missingHere('ip', 'nft', 'dnsmasq', 'busybox', 'unshare');

const FORWARDING = ['/proc/sys/net/ipv4/ip_forward', '/proc/sys/net/ipv6/conf/all/forwarding'];
const TEST_NETWORKS = [1, 2, 3, 4];

export interface LinuxHarness extends HostNetworkHarness {
  readonly network: LinuxHostNetwork;
  readonly directory: string;
  /** What of this driver is still on the host: interfaces, tables, servers. */
  leftBehind(): Promise<readonly string[]>;
}

/** @param more what guests must not reach, what they may, and what dnsmasq is told */
export async function linuxNetworkHarness(
  more: Pick<LinuxNetworkOptions, 'closed' | 'open' | 'dnsmasq'> = {},
): Promise<LinuxHarness> {
  const directory = await openDirectory('cairn-network-');
  const options = { directory, table: TEST_TABLE, metadataPort: TEST_METADATA_PORT, ...more };
  const network = new LinuxHostNetwork(options);
  return {
    network,
    directory,
    networkSpec: testNetwork,
    taps: async () => (await interfaces()).filter(isOurTap).map(({ ifname }) => ifname),
    security: () => keptSecurity(directory).all(),
    floating,
    outside: 'lo',
    noVlan: /the kernel of this host has no 802\.1Q|There is no interface nowhere0 on this host/,
    peers: () => keptPeers(directory).all(),
    names: () => keptNames(directory).get(CLOUD),
    damage: (kind) => damageByHand(directory, kind),
    reopen: () => Promise.resolve(new LinuxHostNetwork(options)),
    leftBehind: () => leftBehind(directory),
    close: async () => {
      await network.down();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Puts IP forwarding back as it was before the suite: drivers turn it on. */
export function restoreForwarding(): void {
  let before: readonly string[];
  beforeAll(async () => {
    before = await Promise.all(FORWARDING.map((path) => readFile(path, 'utf8')));
  });
  afterAll(async () => {
    for (const [i, path] of FORWARDING.entries()) await writeFile(path, before[i] ?? '');
  });
}

/** Where the kernel leads addresses outside that this host answers for. */
async function floating(): Promise<ReadonlyMap<string, string>> {
  const rules = await runCommand('nft', ['list', 'table', 'ip', TEST_TABLE]).catch(() => '');
  const inward = /chain floating_in \{[^}]*map \{([^}]*)\}/.exec(rules)?.[1] ?? '';
  const led = inward.split(',').map((pair) => pair.trim().split(' : '));
  const addresses = await ip('-4', 'address', 'show');
  return new Map(
    led.flatMap(([from = '', to = '']): [string, string][] => (addresses.includes(` ${from}/32 `) ? [[from, to]] : [])),
  );
}

interface Interface {
  readonly ifname: string;
  readonly ifalias?: string;
}

const interfaces = async (): Promise<readonly Interface[]> =>
  JSON.parse(await ip('-json', 'link', 'show')) as readonly Interface[];

const isOurTap = ({ ifalias }: Interface): boolean =>
  TEST_NETWORKS.some((n) => ifalias === tapAlias(testNetwork(n).networkId));

async function leftBehind(directory: string): Promise<readonly string[]> {
  const links = (await interfaces()).filter((link) => link.ifname.startsWith('cairntest') || isOurTap(link));
  const tables = (await runCommand('nft', ['list', 'tables']))
    .split('\n')
    .filter((line) => line.endsWith(` ${TEST_TABLE}`));
  const servers = TEST_NETWORKS.map((n) => join(directory, 'networks', testNetwork(n).networkId, 'dnsmasq.pid'));
  const pids = await Promise.all(servers.map((pidFile) => pidsWithArgument(`--pid-file=${pidFile}`)));
  return [...links.map(({ ifname }) => ifname), ...tables, ...pids.flat().map((pid) => `dnsmasq ${String(pid)}`)];
}
