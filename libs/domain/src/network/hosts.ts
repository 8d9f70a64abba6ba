import type { JobEffect } from '../kernel/effect';
import { copyJobs, newCopy, outdated, updated } from '../kernel/host-copies';
import { dutiesOf, mayServe, withGuestsChanged, withLed } from './gateway';
import type { NetworkPeers, PeersApplied } from './jobs';
import type { Network, NetworkHost, Places } from './state';

/** Folds where the guest of a claim is, and what leads to it. Undefined: nowhere any more. */
export function withPlaces(state: Network, claimId: string, after: Places | undefined): Network {
  const before = state.places.get(claimId);
  const placed = withHosts(state, claimId, after);
  if (state.spec.gatewayHosts !== 'one') return placed;
  const led = withLed(placed, claimId, after?.floating ?? []);
  return before?.hostname === after?.hostname ? led : withGuestsChanged(led);
}

function withHosts(state: Network, claimId: string, after: Places | undefined): Network {
  const before = state.places.get(claimId)?.hosts ?? [];
  const now = after?.hosts ?? [];
  const places = after === undefined ? state.places.delete(claimId) : state.places.set(claimId, after);
  const came = now.filter((hostId) => !before.includes(hostId));
  const left = before.filter((hostId) => !now.includes(hostId));
  if (came.length + left.length === 0) return { ...state, places };
  const version = state.version + 1;
  let { hosts } = state;
  for (const hostId of came) {
    const known = hosts.get(hostId) ?? { ...newCopy(hostId, version - 1), claims: 0, address: null };
    const isFirst = known.claims === 0;
    hosts = hosts.set(hostId, { ...known, claims: known.claims + 1, wanted: isFirst ? version : known.wanted });
  }
  let isSmaller = false;
  for (const hostId of left) {
    const known = hosts.get(hostId);
    if (known === undefined) continue;
    const isLast = known.claims === 1 && !mayServe(known, state);
    isSmaller ||= isLast;
    hosts = isLast ? hosts.delete(hostId) : hosts.set(hostId, { ...known, claims: known.claims - 1 });
  }
  return { ...state, places, version, hosts: isSmaller ? outdated(hosts, idsOf(hosts), version) : hosts };
}

/**
 * Folds what a host says of itself: where others reach it. Those are told if that is new. One that was the gateway and has
 * no guests is done with the network.
 */
export function withHost(state: Network, { hostId, version: applied, address }: PeersApplied): Network {
  const host = state.hosts.get(hostId);
  if (host === undefined) return state;
  if (host.claims === 0 && hostId !== state.gateway && applied >= host.wanted) return withoutHost(state, hostId);
  const hosts = state.hosts.set(hostId, { ...updated(host, applied), address });
  if (host.address === address) return { ...state, hosts };
  const version = state.version + 1;
  const others = idsOf(hosts).filter((id) => id !== hostId);
  return { ...state, version, hosts: outdated(hosts, others, version) };
}

function withoutHost(state: Network, hostId: string): Network {
  const version = state.version + 1;
  const hosts = state.hosts.delete(hostId);
  return { ...state, version, hosts: outdated(hosts, idsOf(hosts), version) };
}

const idsOf = (hosts: Network['hosts']): readonly string[] => [...hosts.values()].map(({ hostId }) => hostId);

/** The other hosts of the network, as far as they have said where they are. */
export function peersOf(state: Network, own: string): NetworkPeers {
  const { hosts, version } = state;
  const peers = [...hosts.values()]
    .filter((host): host is NetworkHost & { address: string } => host.hostId !== own && host.address !== null)
    .map(({ address }) => address)
    .sort();
  const gateway = dutiesOf(state, own);
  return { version, peers, ...(gateway === undefined ? {} : { gateway }) };
}

/** Each host of a network that spans hosts is told of the others, and one gateway of the guests. */
export const dueHosts = (state: Network): readonly JobEffect[] =>
  copyJobs(state.hosts, {
    kind: 'apply-peers',
    resource: { category: 'network', id: state.spec.networkId },
    payload: ({ hostId }): NetworkPeers => peersOf(state, hostId),
    onDone: ({ hostId }, facts) => ({
      type: 'RecordHostUpdated',
      data: { ...(facts as Omit<PeersApplied, 'hostId'>), hostId },
    }),
  });
