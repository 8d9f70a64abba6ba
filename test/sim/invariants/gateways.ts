import type { NetworkPeers } from '@cairn/host-protocol';

import type { Auditor } from './auditor';

interface Told {
  readonly name: string;
  readonly hostId: string;
  readonly host: { readonly peers: ReadonlyMap<string, NetworkPeers> };
}

/** The host that is the gateway of all guests of a network; null for none. */
export const gatewayOf = (networkId: string, auditor: Auditor): string | null =>
  auditor.all('network').find(([id]) => id === networkId)?.[1].gateway ?? null;

/**
 * Once nothing is under way: of a network with one gateway, that host knows all guests and no others, and no other host takes
 * itself for the gateway.
 */
export function checkGateways(auditor: Auditor, machines: readonly Told[]): void {
  for (const [id, { spec, gateway, claims, places, deleted }] of auditor.all('network')) {
    if (spec.gatewayHosts !== 'one') continue;
    const guests = [...claims.values()].filter(({ claimId }) => places.has(claimId)).map(({ address }) => address);
    for (const { name, hostId, host } of machines) {
      const found = host.peers.get(id)?.gateway?.guests.map(({ address }) => address);
      const wanted = hostId === gateway && !deleted ? guests : undefined;
      if (found?.sort().join() !== wanted?.sort().join())
        auditor.claim(
          `at the end: ${name} serves ${String(found)} in ${spec.label}; it should serve ${String(wanted)}`,
        );
    }
  }
}
