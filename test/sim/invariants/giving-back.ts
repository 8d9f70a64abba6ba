import type { Host, Network } from '@cairn/domain';

import type { Rule } from './rule';

/** What a host has of guests. */
interface Occupied {
  readonly name: string;
  readonly hostId: string;
  readonly host: {
    readonly domains: { has(instanceId: string): boolean };
    readonly ports: ReadonlyMap<
      string,
      { readonly instanceId: string; readonly nic: { readonly address: string; readonly mac: string } }
    >;
  };
}

/**
 * What a domain uses is given back only when the domain is gone: its claim on the host, unless another claim of its server
 * holds it there, and its addresses on any host. Looked up on the machines at the moment of the event: that somebody else
 * gets the same address while the first guest still has it is too rare to wait for.
 */
export function nothingInUseIsGivenBack(machines: () => readonly Occupied[]): Rule {
  return ({ event: { type, data }, ref, before, after }) => {
    const claimId = String(data['claimId']);
    if (type === 'host.capacity-released.v2') {
      const owner = (before as Host).claims.get(claimId)?.owner.id ?? '';
      if ([...(after as Host).claims.values()].some((claim) => claim.owner.id === owner)) return undefined;
      const holder = machines().find(({ hostId, host }) => hostId === ref.id && host.domains.has(owner));
      return holder && `${holder.name} has the domain ${owner} and not its claim any more`;
    }
    if (type === 'network.address-released.v1') {
      const { address, mac } = (before as Network).claims.get(claimId) ?? {};
      const uses = ({ host }: Occupied): boolean =>
        [...host.ports.values()].some(({ nic }) => nic.address === address && nic.mac === mac);
      const user = machines().find(uses);
      return user && `${String(address)} is given back while a port on ${user.name} has it`;
    }
    return undefined;
  };
}
