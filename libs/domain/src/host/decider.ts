import { type Aggregate, type Context, type Decider, streamName, type StreamRef } from '../kernel/aggregate';
import { admitClaim, type ClaimRef, releaseClaim, withTombstone } from '../kernel/claims';
import type { Effect } from '../kernel/effect';
import { DomainError, unreachable } from '../kernel/errors';
import { ownerPart } from '../kernel/owner';
import { Table } from '../kernel/table';
import { tableSnapshot } from '../kernel/table-snapshot';
import { type Instant, later } from '../kernel/time';
import { deriveId } from '../ids';
import { hostEvents } from './catalogue';
import type { Capacity, CapacityClaim, HostEvent } from './events';
import { decideImages, dueImages, type ImageCommand, withImages } from './images';
import type { Inventory } from './inventory';
import { HOST_JOBS } from './jobs';
import { claimable, type Host, isUp, restartOf, unknownHost } from './state';

export type HostCommand =
  | {
      readonly type: 'EnrolHost';
      readonly data: {
        readonly hostId: string;
        readonly name: string;
        readonly number: number;
        readonly availabilityZone: string;
      };
    }
  | { readonly type: 'RecordAgentStarted'; readonly data: { readonly bootId: string; readonly inventory: Inventory } }
  | { readonly type: 'RecordOwnerInformed'; readonly data: { readonly owner: StreamRef; readonly bootId: string } }
  | { readonly type: 'MarkHostDown'; readonly data: { readonly lastSeenAt: Instant | null } }
  | { readonly type: 'MarkHostUp'; readonly data: { readonly bootId: string } }
  | { readonly type: 'DisableHost'; readonly data: { readonly reason: string | null } }
  | { readonly type: 'EnableHost'; readonly data: Record<string, never> }
  /** nova's force-down: an administrator states that the host is down. Its guests keep running. */
  | { readonly type: 'ForceHostDown'; readonly data: Record<string, never> }
  | { readonly type: 'ClearForceDown'; readonly data: Record<string, never> }
  /** The host leaves the cloud. What its agent still says is refused. */
  | { readonly type: 'RemoveHost'; readonly data: Record<string, never> }
  | {
      readonly type: 'ClaimCapacity';
      readonly data: CapacityClaim & {
        readonly notAfter: Instant;
        /**
         * True if an administrator named this host. Over-commit limits still apply; the host may be disabled or down.
         */
        readonly forced: boolean;
        /** What the host may give out in all, by the scheduler's rules; a resource that is absent has no limit. */
        readonly limits?: Partial<Capacity>;
      };
    }
  | { readonly type: 'ReleaseCapacity'; readonly data: ClaimRef }
  | ImageCommand
  | { readonly type: 'RejectResult'; readonly data: Extract<HostEvent, { type: 'host.result-rejected.v2' }>['data'] }
  | {
      readonly type: 'RecordReportsRefused';
      readonly data: Extract<HostEvent, { type: 'host.reports-refused.v1' }>['data'];
    }
  | {
      readonly type: 'ReportDrift';
      readonly data: { readonly bootId: string; readonly kind: string; readonly name: string };
    }
  | {
      readonly type: 'RecordNetworkDiffered';
      readonly data: Extract<HostEvent, { type: 'host.network-differed.v1' }>['data'];
    };

/** The greatest number of the columns that show what is used. */
const NO_LIMIT = 2 ** 31 - 1;

/** How long a guest may take to run again after its host has started. */
export const RESTORE_LIMIT_MS = 30 * 60_000;

function claimCapacity(
  { data }: Extract<HostCommand, { type: 'ClaimCapacity' }>,
  state: Host,
  context: Context,
): readonly HostEvent[] {
  const { notAfter: _notAfter, forced, limits, ...claim } = data;
  const { amounts } = claim;
  const admitted = admitClaim(state, data, context);
  if (admitted === 'held') return [];
  const refuse = (code: string, why: string): never => {
    throw new DomainError('capacity', code, `Host ${state.name} ${why}`);
  };
  if (admitted === 'released') refuse('host.claim-released', 'was told that the claim is released');
  if (admitted === 'late') refuse('host.claim-too-late', 'got the claim after its operation had ended');
  if (state.inventory === null) return refuse('host.unknown-capacity', 'has not reported what it has');
  if (!forced && !state.enabled) refuse('host.disabled', 'is disabled');
  if (!forced && !isUp(state)) refuse('host.down', 'is down');
  const limit: Partial<Capacity> = limits ?? claimable(state.inventory);
  for (const resource of ['vcpus', 'ramMb', 'diskGb'] as const) {
    const free = (limit[resource] ?? NO_LIMIT) - state.used[resource];
    if (amounts[resource] > free) {
      refuse(
        'host.insufficient-capacity',
        `has ${String(free)} ${resource} free, ${String(amounts[resource])} are needed`,
      );
    }
  }
  return [{ type: 'host.capacity-claimed.v2', data: claim }];
}

/** In nova's words (26.1, `ServiceController.delete`). */
export const hostOccupied = (): DomainError =>
  new DomainError(
    'conflict',
    'host.occupied',
    'Unable to delete compute service that is hosting instances. Migrate or delete the instances first.',
  );

function decide(command: HostCommand, state: Host, context: Context): readonly HostEvent[] {
  if (command.type === 'EnrolHost') {
    if (!state.enrolled) return [{ type: 'host.enrolled.v1', data: command.data }];
    if (state.name === command.data.name) return [];
    throw new DomainError('conflict', 'host.exists', `Host ${command.data.hostId} is enrolled as ${state.name}.`);
  }
  if (!state.enrolled) throw new DomainError('not-found', 'host.not-found', 'Host is not enrolled.');
  switch (command.type) {
    case 'RecordAgentStarted':
      return state.bootId === command.data.bootId ? [] : [{ type: 'host.started.v1', data: command.data }];
    case 'RecordOwnerInformed': {
      const { owner, bootId } = command.data;
      if (state.bootId !== bootId || !state.toInform.has(streamName(owner))) return [];
      return [{ type: 'host.owner-informed.v1', data: command.data }];
    }
    case 'MarkHostDown':
      return state.up ? [{ type: 'host.went-down.v1', data: command.data }] : [];
    case 'MarkHostUp':
      return state.up ? [] : [{ type: 'host.came-up.v1', data: command.data }];
    case 'DisableHost':
      if (!state.enabled && state.disabledReason === command.data.reason) return [];
      return [{ type: 'host.disabled.v1', data: command.data }];
    case 'EnableHost':
      return state.enabled ? [] : [{ type: 'host.enabled.v1', data: {} }];
    case 'ForceHostDown':
      return state.forcedDown ? [] : [{ type: 'host.forced-down.v1', data: {} }];
    case 'ClearForceDown':
      return state.forcedDown ? [{ type: 'host.force-down-cleared.v1', data: {} }] : [];
    case 'RemoveHost':
      if (state.claims.size > 0) throw hostOccupied();
      return [{ type: 'host.removed.v1', data: {} }];
    case 'ClaimCapacity':
      return claimCapacity(command, state, context);
    case 'ReleaseCapacity':
      return releaseClaim<CapacityClaim, HostEvent>(state, command.data, context, {
        released: ({ claimId, owner }) => ({ type: 'host.capacity-released.v2', data: { claimId, owner } }),
        tombstoned: (data) => ({ type: 'host.claim-tombstoned.v1', data }),
      });
    case 'WantImages':
    case 'RecordImageCached':
    case 'RecordImageNotCached':
      return decideImages(command, state);
    case 'RejectResult':
      return [{ type: 'host.result-rejected.v2', data: command.data }];
    case 'RecordReportsRefused':
      return [{ type: 'host.reports-refused.v1', data: command.data }];
    case 'ReportDrift':
      return [{ type: 'host.drift-detected.v1', data: command.data }];
    case 'RecordNetworkDiffered':
      return [{ type: 'host.network-differed.v1', data: command.data }];
    default:
      return unreachable(command);
  }
}

/** Whether the owner has another claim on the host: a server that was resized there, until that is confirmed. */
const stillOwns = ({ claims, toInform }: Host, { claimId, owner }: CapacityClaim): boolean =>
  toInform.has(streamName(owner)) &&
  [...claims.values()].some((one) => one.claimId !== claimId && streamName(one.owner) === streamName(owner));

const add = (a: Capacity, b: Capacity, sign: 1 | -1): Capacity => ({
  vcpus: a.vcpus + sign * b.vcpus,
  ramMb: a.ramMb + sign * b.ramMb,
  diskGb: a.diskGb + sign * b.diskGb,
});

function evolve(state: Host, event: HostEvent, { at }: Context): Host {
  switch (event.type) {
    case 'host.enrolled.v1':
      return { ...state, ...event.data, enrolled: true };
    case 'host.started.v1': {
      const { bootId, inventory } = event.data;
      const toInform = Table.from([...state.claims.values()].map(({ owner }) => [streamName(owner), owner]));
      return { ...state, bootId, inventory, startedAt: at, up: true, toInform };
    }
    case 'host.owner-informed.v1':
      return { ...state, toInform: state.toInform.delete(streamName(event.data.owner)) };
    case 'host.went-down.v1':
      return { ...state, up: false };
    case 'host.came-up.v1':
      return { ...state, up: true };
    case 'host.disabled.v1':
      return { ...state, enabled: false, disabledReason: event.data.reason };
    case 'host.enabled.v1':
      return { ...state, enabled: true, disabledReason: null };
    case 'host.forced-down.v1':
      return { ...state, forcedDown: true };
    case 'host.force-down-cleared.v1':
      return { ...state, forcedDown: false };
    case 'host.removed.v1':
      return { ...unknownHost, tombstones: state.tombstones, answered: state.answered };
    case 'host.images-wanted.v1':
    case 'host.image-cached.v1':
    case 'host.image-not-cached.v1':
      return withImages(state, event);
    case 'host.capacity-claimed.v2':
      return {
        ...state,
        claims: state.claims.set(event.data.claimId, event.data),
        used: add(state.used, event.data.amounts, 1),
      };
    case 'host.capacity-released.v2': {
      const claim = state.claims.get(event.data.claimId);
      if (claim === undefined) return state;
      return {
        ...state,
        claims: state.claims.delete(event.data.claimId),
        used: add(state.used, claim.amounts, -1),
        toInform: stillOwns(state, claim) ? state.toInform : state.toInform.delete(streamName(claim.owner)),
      };
    }
    case 'host.claim-tombstoned.v1':
      return { ...state, ...withTombstone(state, event.data, at) };
    case 'host.result-rejected.v2':
    case 'host.reports-refused.v1':
    case 'host.drift-detected.v1':
    case 'host.network-differed.v1':
      return state;
    default:
      return unreachable(event);
  }
}

const due = (state: Host): readonly Effect[] => [...dueNews(state), ...dueImages(state)];

/** After its agent has started, tells the owner of each claim, which then starts its guest again if it should run. */
function dueNews(state: Host): readonly Effect[] {
  const { hostId, bootId, startedAt } = state;
  if (bootId === null || startedAt === null) return [];
  return [...state.toInform.values()].map((owner): Effect => {
    const informed = (): { type: string; data: object } => ({
      type: 'RecordOwnerInformed',
      data: { owner, bootId },
    });
    return {
      kind: 'command',
      id: deriveId(bootId, 'inform', ownerPart(owner)),
      target: owner,
      command: {
        type: 'RecordHostRestarted',
        data: { hostId, ...restartOf(state, bootId, later(startedAt, RESTORE_LIMIT_MS)) },
      },
      onDone: informed,
      onRefused: informed,
    };
  });
}

const hostDecider: Decider<Host, HostCommand, HostEvent> = { initial: unknownHost, decide, evolve };

export const host: Aggregate<Host, HostCommand, HostEvent> = {
  ...hostDecider,
  category: 'host',
  events: hostEvents,
  schemaVersion: 4,
  due,
  owes: { commands: ['RecordHostRestarted'], jobs: HOST_JOBS, places: false },
  growing: true,
  snapshot: tableSnapshot({ claims: true, tombstones: true, toInform: true }),
};
