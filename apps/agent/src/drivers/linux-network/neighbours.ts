import { readFileSync } from 'node:fs';

import type { Finding, Port } from '../../ports/host-network.port';

import type { IpBatch } from './ip-batch';
import type { StoredNetwork } from './port-store';

/** A guest, and the hardware address that the host takes for its own, wrongly. */
interface Mistaken {
  readonly port: Port;
  readonly mac: string;
}

/** ATF_COM of <linux/if_arp.h>: the hardware address is known. */
const KNOWN = 0x2;

/** The host's table of ARP (proc_net(5)), by interface and address: no process is needed. */
function neighbours(): ReadonlyMap<string, string> {
  const rows = readFileSync('/proc/net/arp', 'utf8').trimEnd().split('\n').slice(1);
  return new Map(
    rows
      .map((line) => line.trim().split(/\s+/))
      .filter(([, , flags]) => (Number(flags) & KNOWN) !== 0)
      .map(([address = '', , , mac = '', , device = '']) => [`${device} ${address}`, mac]),
  );
}

function mistaken(networks: readonly StoredNetwork[]): readonly Mistaken[] {
  const known = neighbours();
  return networks.flatMap(({ spec, ports }) =>
    ports.flatMap((port) => {
      const mac = known.get(`${spec.bridge} ${port.nic.address}`);
      return mac === undefined || mac === port.nic.mac.toLowerCase() ? [] : [{ port, mac }];
    }),
  );
}

/** Makes the host ask again for the hardware addresses of guests of a network that it takes for others. */
export async function forgetMistaken(network: StoredNetwork, ip: Pick<IpBatch, 'remove'>): Promise<void> {
  for (const { port } of mistaken([network])) {
    const command = ['neighbour', 'delete', port.nic.address, 'dev', network.spec.bridge];
    await ip.remove(command, () => mistaken([network]).some((one) => one.port === port));
  }
}

export const inspectNeighbours = (networks: readonly StoredNetwork[]): readonly Finding[] =>
  mistaken(networks).map(({ port: { nic, instanceId }, mac }) => ({
    topic: 'port',
    name: nic.address,
    verdict: 'wrong',
    says: `The host takes ${nic.address} to be at ${mac} instead of ${nic.mac}: what is for the guest goes astray.`,
    networkId: nic.network.networkId,
    instanceId,
  }));
