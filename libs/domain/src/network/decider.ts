import type { Aggregate, Context } from '../kernel/aggregate';
import { admitClaim, releaseClaim, withTombstone } from '../kernel/claims';
import { DomainError, unreachable } from '../kernel/errors';
import { Table } from '../kernel/table';
import { tableSnapshot } from '../kernel/table-snapshot';
import { isNewer, notUpdated, withFailure } from '../kernel/host-copies';
import { deriveId } from '../ids';
import { networkEvents } from './catalogue';
import { addressRefusal, isSetAside, reserveAddress, unreserveAddress } from './addresses';
import { create } from './create';
import { dueFloating, firstGateway, moveGateway, withGateway, withLedTold } from './gateway';
import { dueHosts, withHost, withPlaces } from './hosts';
import { abandon, dueQuota, quotaReleased } from './quota';
import { NETWORK_JOBS } from './jobs';
import { formatIpv4, parseIpv4 } from './ipv4';
import { eui64, parseCidrV6 } from './ipv6';
import type { ClaimPlaces, NetworkCommand, NetworkEvent } from './messages';
import { type AddressClaim, type AllocatedAddress, type Network, noNetwork, type Places } from './state';

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
  return [{ type: 'network.address-allocated.v2', data: { claimId, owner, address, mac, ...addressV6(state, mac) } }];
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
    if (!state.taken.has(address) && !isSetAside(state, address)) return address;
  }
  throw new DomainError('capacity', 'network.no-more-addresses', `No more fixed IPs in network ${state.spec.label}.`);
}

/** nova's prefix for the MACs of guests; the rest follows from the claim. */
function freeMac(state: Network, claimId: string): string {
  for (let i = 0; ; i += 1) {
    const hex = deriveId(claimId, 'mac', i).replaceAll('-', '').slice(0, 6);
    const mac = `fa:16:3e:${hex.slice(0, 2)}:${hex.slice(2, 4)}:${hex.slice(4, 6)}`;
    if (!state.macs.has(mac) && !makesGateway(state, mac)) return mac;
  }
}

const makesGateway = (state: Network, mac: string): boolean =>
  state.spec.ipv6 !== undefined && addressV6(state, mac).addressV6 === state.spec.ipv6.gateway;

/** What a guest with that MAC makes for itself of what routers tell it. */
function addressV6({ spec }: Network, mac: string): { readonly addressV6?: string } {
  const block = spec.ipv6 && parseCidrV6(spec.ipv6.cidr);
  return block === undefined ? {} : { addressV6: eui64(block.base, mac) };
}

type Said = Extract<NetworkCommand, { type: 'RecordHostUpdated' | 'RecordHostNotUpdated' | 'RecordFloatingPlaced' }>;

const isSaid = (command: NetworkCommand): command is Said =>
  command.type === 'RecordHostUpdated' ||
  command.type === 'RecordHostNotUpdated' ||
  command.type === 'RecordFloatingPlaced';

/** What hosts and floating IPs say, also of a network that is deleted: its gateway has to leave it. */
function record(command: Said, { hosts, led }: Network, { at }: Context): readonly NetworkEvent[] {
  switch (command.type) {
    case 'RecordHostUpdated':
      return isNewer(hosts, command.data) ? [{ type: 'network.host-updated.v1', data: command.data }] : [];
    case 'RecordHostNotUpdated': {
      // a host without guests in the network is not listed: each that is needs the others
      const data = notUpdated(hosts, command.data, () => true, at);
      return data === undefined ? [] : [{ type: 'network.host-not-updated.v1', data }];
    }
    case 'RecordFloatingPlaced': {
      const { associationId, version } = command.data;
      return (led.get(associationId)?.told ?? version) < version
        ? [{ type: 'network.floating-placed.v1', data: command.data }]
        : [];
    }
  }
}

function decide(command: NetworkCommand, state: Network, context: Context): readonly NetworkEvent[] {
  switch (command.type) {
    case 'CreateNetwork':
      return create(command, state);
    case 'AbandonCreation':
      return abandon(command.data.id, state);
    case 'RecordNetworkQuotaReleased':
      return quotaReleased(state);
    default:
      return isSaid(command) ? record(command, state, context) : decideExisting(command, state, context);
  }
}

type Begins = 'CreateNetwork' | 'AbandonCreation' | 'RecordNetworkQuotaReleased';

function decideExisting(
  command: Exclude<NetworkCommand, Said | { type: Begins }>,
  state: Network,
  context: Context,
): readonly NetworkEvent[] {
  if (!state.exists || state.deleted)
    throw new DomainError('not-found', 'network.not-found', 'Network could not be found.');
  switch (command.type) {
    case 'DeleteNetwork':
      requireUnused(state, command.data.alsoOfProject === true);
      return [{ type: 'network.deleted.v1', data: { networkId: state.spec.networkId } }];
    case 'AssociateNetwork':
      return associate(command.data, state);
    case 'DisassociateNetwork':
      return state.projectId === null ? [] : [{ type: 'network.project-set.v1', data: { projectId: null } }];
    case 'ReserveNetworkAddress':
      return reserveAddress(state, command.data.address);
    case 'UnreserveNetworkAddress':
      return unreserveAddress(state, command.data.address);
    case 'AllocateAddress':
      return allocate(command, state, context);
    case 'ReleaseAddress':
      return releaseClaim<AddressClaim, NetworkEvent>(state, command.data, context, {
        released: ({ claimId, address }) => ({ type: 'network.address-released.v1', data: { claimId, address } }),
        tombstoned: (data) => ({ type: 'network.claim-tombstoned.v1', data }),
      });
    case 'SetPlaces':
      return setPlaces(command.data, state);
    case 'MoveGateway':
      return moveGateway(command.data.hostId, state);
    default:
      return unreachable(command);
  }
}

/** nova's NetworkHasProject and NetworkInUse. */
function requireUnused({ projectId, claims, spec }: Network, alsoOfProject: boolean): void {
  if (projectId !== null && !alsoOfProject) {
    const message = `Network must be disassociated from project ${projectId} before it can be deleted.`;
    throw new DomainError('conflict', 'network.has-project', message);
  }
  if (claims.size > 0)
    throw new DomainError('conflict', 'network.in-use', `Network ${spec.networkId} is still in use.`);
}

/** nova (`network_associate`) takes only a network that no project has, and says this of any other. */
function associate(data: { readonly projectId: string }, state: Network): readonly NetworkEvent[] {
  if (state.projectId !== null) throw new DomainError('invalid', 'network.none-left', 'No more available networks.');
  return [{ type: 'network.project-set.v1', data }];
}

function setPlaces(data: ClaimPlaces, state: Network): readonly NetworkEvent[] {
  const { claims, places } = state;
  if (!claims.has(data.claimId) || data.version <= (places.get(data.claimId)?.version ?? 0)) return [];
  return [{ type: 'network.places-set.v1', data }, ...firstGateway(state, data.hosts)];
}

function evolve(state: Network, event: NetworkEvent, { at }: Context): Network {
  switch (event.type) {
    case 'network.created.v1': {
      const { rangeStart, rangeEnd, projectId = null, priority: _priority, countsFor, ...spec } = event.data;
      const counts = countsFor === undefined ? {} : { countsFor };
      return { ...state, exists: true, spec, rangeStart, rangeEnd, projectId, ...counts };
    }
    case 'network.creation-abandoned.v1':
      return { ...state, abandoned: true };
    case 'network.quota-released.v1': {
      const { countsFor: _countsFor, ...rest } = state;
      return rest;
    }
    case 'network.deleted.v1':
      return withGateway({ ...state, deleted: true }, null);
    case 'network.project-set.v1':
      return { ...state, projectId: event.data.projectId };
    case 'network.address-reserved.v1':
      return { ...state, reserved: state.reserved.set(event.data.address, true) };
    case 'network.address-unreserved.v1':
      return { ...state, reserved: state.reserved.delete(event.data.address) };
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
    case 'network.gateway-moved.v1':
      return withGateway(state, event.data.hostId);
    case 'network.floating-placed.v1':
      return withLedTold(state, event.data.associationId, event.data.version);
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
  if (claim === undefined) return undefined;
  const { claimId: _claim, owner: _owner, ...held } = claim;
  return { ...held, network: state.spec };
}

const STORED = { claims: true, reserved: true, tombstones: true, places: true, hosts: true, led: true } as const;

export const network: Aggregate<Network, NetworkCommand, NetworkEvent, NetworkAnswers> = {
  initial: noNetwork,
  decide,
  evolve,
  answer,
  category: 'network',
  events: networkEvents,
  due: (state) => [...dueHosts(state), ...dueFloating(state), ...dueQuota(state)],
  owes: { commands: ['PlaceFloatingIp', 'ReleaseQuota'], jobs: NETWORK_JOBS, places: false },
  schemaVersion: 7,
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
