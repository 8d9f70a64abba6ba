import type { Aggregate, Context, StreamRef } from '../kernel/aggregate';
import { admitClaim, type ClaimRef, releaseClaim, withTombstone } from '../kernel/claims';
import { DomainError, unreachable } from '../kernel/errors';
import { Table } from '../kernel/table';
import { tableSnapshot } from '../kernel/table-snapshot';
import { type HostNotUpdated, type HostTry, isNewer, notUpdated, withFailure } from '../kernel/host-copies';
import { deriveId } from '../ids';
import type { NetworkSpec } from '../instance/spec';
import { networkEvents } from './catalogue';
import { addressRefusal } from './addresses';
import { dueHosts, withHost, withPlaces } from './hosts';
import { NETWORK_JOBS, type PeersApplied } from './jobs';
import { formatIpv4, parseCidr, parseIpv4, reservedFor } from './ipv4';
import { type AddressClaim, type AllocatedAddress, type Network, noNetwork, type Places } from './state';

export type NetworkCommand =
  | {
      readonly type: 'CreateNetwork';
      readonly data: NetworkSpec & { readonly rangeStart: string | null; readonly rangeEnd: string | null };
    }
  | { readonly type: 'DeleteNetwork'; readonly data: Record<string, never> }
  | {
      readonly type: 'AllocateAddress';
      readonly data: ClaimRef & {
        readonly owner: StreamRef;
        /** A certain address, or null for any that is free. */
        readonly address: string | null;
      };
    }
  | { readonly type: 'ReleaseAddress'; readonly data: ClaimRef }
  /** A server tells where it is. What is older than what is known changes nothing, nor does a claim that is not held. */
  | { readonly type: 'SetPlaces'; readonly data: ClaimPlaces }
  | { readonly type: 'RecordHostUpdated'; readonly data: PeersApplied }
  | { readonly type: 'RecordHostNotUpdated'; readonly data: HostTry };

type ClaimPlaces = Places & { readonly claimId: string };

export type NetworkEvent =
  | {
      readonly type: 'network.created.v1';
      readonly data: NetworkSpec & { readonly rangeStart: string; readonly rangeEnd: string };
    }
  | { readonly type: 'network.deleted.v1'; readonly data: { readonly networkId: string } }
  | { readonly type: 'network.address-allocated.v2'; readonly data: AddressClaim }
  | {
      readonly type: 'network.address-released.v1';
      readonly data: { readonly claimId: string; readonly address: string };
    }
  | { readonly type: 'network.claim-tombstoned.v1'; readonly data: ClaimRef }
  | { readonly type: 'network.places-set.v1'; readonly data: ClaimPlaces }
  | { readonly type: 'network.host-updated.v1'; readonly data: PeersApplied }
  | { readonly type: 'network.host-not-updated.v1'; readonly data: HostNotUpdated };

function create({ data }: Extract<NetworkCommand, { type: 'CreateNetwork' }>, state: Network): readonly NetworkEvent[] {
  if (state.exists) throw new DomainError('conflict', 'network.exists', `Network ${data.networkId} already exists.`);
  const cidr = parseCidr(data.cidr);
  const invalid = (field: string, rule: string): never => {
    throw new DomainError('invalid', 'network.invalid', `Invalid input for field/attribute ${field}. ${rule}`, {
      field,
    });
  };
  if (cidr === undefined || cidr.prefix > 29)
    return invalid('cidr', `${data.cidr} is not an IPv4 network of at least /29.`);
  const reserved = reservedFor(cidr);
  if (reserved !== undefined) return invalid('cidr', `${data.cidr} is ${reserved}.`);
  const inside = (field: string, text: string): number => {
    const n = parseIpv4(text);
    if (n === undefined || n <= cidr.base || n >= cidr.broadcast)
      return invalid(field, `${text} is not in ${data.cidr}.`);
    return n;
  };
  const gateway = inside('gateway', data.gateway);
  const start = data.rangeStart === null ? cidr.base + 2 : inside('allowed_start', data.rangeStart);
  const end = data.rangeEnd === null ? cidr.broadcast - 1 : inside('allowed_end', data.rangeEnd);
  if (start > end || (gateway >= start && gateway <= end && start === end))
    invalid('allowed_start', 'No address is left.');
  return [{ type: 'network.created.v1', data: { ...data, rangeStart: formatIpv4(start), rangeEnd: formatIpv4(end) } }];
}

function allocate(
  { data }: Extract<NetworkCommand, { type: 'AllocateAddress' }>,
  state: Network,
  context: Context,
): readonly NetworkEvent[] {
  const { claimId, owner } = data;
  const admitted = admitClaim(state, data, context);
  if (admitted === 'held') return [];
  const { label } = state.spec;
  if (admitted !== 'open') {
    throw new DomainError('conflict', 'network.claim-released', `The claim on an address of ${label} has ended.`);
  }
  const address = data.address === null ? nextFree(state) : free(state, data.address);
  const mac = freeMac(state, claimId);
  return [{ type: 'network.address-allocated.v2', data: { claimId, owner, address, mac } }];
}

function free(state: Network, address: string): string {
  const refusal = addressRefusal(state, address);
  if (refusal !== undefined) throw refusal;
  return address;
}

function nextFree(state: Network): string {
  const [start, end] = [parseIpv4(state.rangeStart) ?? 0, parseIpv4(state.rangeEnd) ?? 0];
  const size = end - start + 1;
  for (let i = 0; i < size && state.taken.size < size; i += 1) {
    const address = formatIpv4(start + ((state.cursor + i) % size));
    if (!state.taken.has(address) && address !== state.spec.gateway) return address;
  }
  throw new DomainError('capacity', 'network.no-more-addresses', `No more fixed IPs in network ${state.spec.label}.`);
}

/** nova's prefix for the MACs of guests; the rest follows from the claim. */
function freeMac(state: Network, claimId: string): string {
  for (let i = 0; ; i += 1) {
    const hex = deriveId(claimId, 'mac', i).replaceAll('-', '').slice(0, 6);
    const mac = `fa:16:3e:${hex.slice(0, 2)}:${hex.slice(2, 4)}:${hex.slice(4, 6)}`;
    if (!state.macs.has(mac)) return mac;
  }
}

function decide(command: NetworkCommand, state: Network, context: Context): readonly NetworkEvent[] {
  if (command.type === 'CreateNetwork') return create(command, state);
  if (!state.exists || state.deleted)
    throw new DomainError('not-found', 'network.not-found', 'Network could not be found.');
  switch (command.type) {
    case 'DeleteNetwork':
      if (state.claims.size > 0) {
        throw new DomainError('conflict', 'network.in-use', `Network ${state.spec.networkId} is still in use.`);
      }
      return [{ type: 'network.deleted.v1', data: { networkId: state.spec.networkId } }];
    case 'AllocateAddress':
      return allocate(command, state, context);
    case 'ReleaseAddress':
      return releaseClaim<AddressClaim, NetworkEvent>(state, command.data, context, {
        released: ({ claimId, address }) => ({ type: 'network.address-released.v1', data: { claimId, address } }),
        tombstoned: (data) => ({ type: 'network.claim-tombstoned.v1', data }),
      });
    case 'SetPlaces':
      return setPlaces(command.data, state);
    case 'RecordHostUpdated':
      return isNewer(state.hosts, command.data) ? [{ type: 'network.host-updated.v1', data: command.data }] : [];
    case 'RecordHostNotUpdated': {
      // a host without guests in the network is not listed: each that is needs the others
      const data = notUpdated(state.hosts, command.data, () => true, context.at);
      return data === undefined ? [] : [{ type: 'network.host-not-updated.v1', data }];
    }
    default:
      return unreachable(command);
  }
}

function setPlaces(data: ClaimPlaces, { claims, places }: Network): readonly NetworkEvent[] {
  if (!claims.has(data.claimId) || data.version <= (places.get(data.claimId)?.version ?? 0)) return [];
  return [{ type: 'network.places-set.v1', data }];
}

function evolve(state: Network, event: NetworkEvent, { at }: Context): Network {
  switch (event.type) {
    case 'network.created.v1': {
      const { rangeStart, rangeEnd, ...spec } = event.data;
      return { ...state, exists: true, spec, rangeStart, rangeEnd };
    }
    case 'network.deleted.v1':
      return { ...state, deleted: true };
    case 'network.address-allocated.v2': {
      const { claimId, address, mac } = event.data;
      return {
        ...state,
        claims: state.claims.set(claimId, event.data),
        taken: state.taken.set(address, claimId),
        macs: state.macs.set(mac, claimId),
        cursor: (parseIpv4(address) ?? 0) - (parseIpv4(state.rangeStart) ?? 0) + 1,
      };
    }
    case 'network.address-released.v1': {
      const { claimId, address } = event.data;
      const mac = state.claims.get(claimId)?.mac ?? '';
      return {
        ...withPlaces(state, claimId, undefined),
        claims: state.claims.delete(claimId),
        taken: state.taken.delete(address),
        macs: state.macs.delete(mac),
      };
    }
    case 'network.claim-tombstoned.v1':
      return { ...state, ...withTombstone(state, event.data, at) };
    case 'network.places-set.v1': {
      const { claimId, ...places } = event.data;
      return withPlaces(state, claimId, places);
    }
    case 'network.host-updated.v1':
      return withHost(state, event.data);
    case 'network.host-not-updated.v1':
      return { ...state, hosts: withFailure(state.hosts, event.data) };
    default:
      return unreachable(event);
  }
}

export type NetworkAnswers = {
  /** Undefined when the claim has been released since. */
  readonly AllocateAddress: AllocatedAddress | undefined;
  /** What the stream knows of the claim: it may have been told something else before. Undefined: the claim is not held. */
  readonly SetPlaces: Places | undefined;
};

function answer(command: NetworkCommand, state: Network): AllocatedAddress | Places | undefined {
  if (command.type === 'SetPlaces') return state.places.get(command.data.claimId);
  if (command.type !== 'AllocateAddress') return undefined;
  const claim = state.claims.get(command.data.claimId);
  return claim === undefined ? undefined : { address: claim.address, mac: claim.mac, network: state.spec };
}

const STORED = { claims: true, tombstones: true, places: true, hosts: true } as const;

export const network: Aggregate<Network, NetworkCommand, NetworkEvent, NetworkAnswers> = {
  initial: noNetwork,
  decide,
  evolve,
  answer,
  category: 'network',
  events: networkEvents,
  due: dueHosts,
  owes: { commands: [], jobs: NETWORK_JOBS, places: false },
  schemaVersion: 4,
  growing: true,
  snapshot: {
    save: ({ taken: _taken, macs: _macs, ...rest }) => rest,
    load: (stored) => {
      const rest = tableSnapshot<Omit<Network, 'taken' | 'macs'>>(STORED).load(stored);
      const claims = [...rest.claims.values()];
      return {
        ...rest,
        taken: Table.from(claims.map(({ address, claimId }) => [address, claimId])),
        macs: Table.from(claims.map(({ mac, claimId }) => [mac, claimId])),
      };
    },
  },
};
