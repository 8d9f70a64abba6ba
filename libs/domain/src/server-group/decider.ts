import type { Aggregate } from '../kernel/aggregate';
import type { Effect } from '../kernel/effect';
import { DomainError, unreachable } from '../kernel/errors';
import { abandons, type Life, requireAbsent, requireLive } from '../kernel/owned';
import type { AbandonCreation } from '../kernel/reservations';
import { Table } from '../kernel/table';
import { tableSnapshot } from '../kernel/table-snapshot';
import { deriveId } from '../ids';
import { serverGroupEvents } from './catalogue';
import type { MemberPlace, ServerGroupEvent, ServerGroupRecord } from './events';
import { serverGroupRef } from './quota';

export type ServerGroupCommand =
  | { readonly type: 'CreateServerGroup'; readonly data: ServerGroupRecord }
  | AbandonCreation
  | { readonly type: 'DeleteServerGroup'; readonly data: Record<string, never> }
  /** Claims a host for a member, of those that the policy allows. A repeat, or one that comes late, changes nothing. */
  | {
      readonly type: 'PlaceGroupMember';
      readonly data: MemberPlace & {
        readonly instanceId: string;
        /** Members that have left their hosts and do not return: their places are free. */
        readonly gone: readonly string[];
        /** Members that are elsewhere than the group granted them: their moves failed or were reverted, or they are offloaded. */
        readonly strayed?: readonly Strayed[];
      };
    }
  | { readonly type: 'RecordGroupQuotaReleased'; readonly data: Record<string, never> };

/** A member that rests. */
export interface Strayed {
  readonly instanceId: string;
  /** Of the place that the group knew when the member was seen: of another one this says nothing. */
  readonly attempt: number;
  /** Where it is; null for nowhere. */
  readonly host: Pick<MemberPlace, 'hostId' | 'hostName' | 'claimId'> | null;
}

export interface ServerGroup {
  readonly life: Life;
  readonly record: ServerGroupRecord | undefined;
  /** By the members' ids: where each is, or is about to be. */
  readonly places: Table<MemberPlace>;
  readonly quotaReleased: boolean;
}

/** Why the policy excludes a host, given the places of the other members; undefined if it does not. */
function violation(
  { policy, maxPerHost = 1 }: ServerGroupRecord,
  hostId: string,
  others: readonly MemberPlace[],
): string | undefined {
  if (policy === 'anti-affinity' && others.filter((one) => one.hostId === hostId).length >= maxPerHost)
    return 'Anti-affinity instance group policy was violated.';
  if (policy === 'affinity' && others.some((one) => one.hostId !== hostId))
    return 'Affinity instance group policy was violated.';
  return undefined;
}

const released = (instanceId: string): ServerGroupEvent => ({
  type: 'server-group.member-released.v1',
  data: { instanceId },
});

/** Corrects the places of members that rest elsewhere, and frees those of members that have left. */
function corrections(
  { gone, strayed = [], instanceId: own }: Extract<ServerGroupCommand, { type: 'PlaceGroupMember' }>['data'],
  places: ServerGroup['places'],
): readonly ServerGroupEvent[] {
  const left = gone.filter((id) => id !== own && places.has(id));
  const moved = strayed.filter(({ instanceId: id, attempt }) => {
    return id !== own && !left.includes(id) && places.get(id)?.attempt === attempt;
  });
  return [
    ...left.map(released),
    ...moved.map(({ host, ...member }): ServerGroupEvent => {
      if (host === null) return released(member.instanceId);
      return { type: 'server-group.member-placed.v1', data: { ...member, ...host } };
    }),
  ];
}

function placeMember(
  command: Extract<ServerGroupCommand, { type: 'PlaceGroupMember' }>['data'],
  { record, places: before }: ServerGroup,
): readonly ServerGroupEvent[] {
  const { gone: _gone, strayed: _strayed, ...place } = command;
  const { instanceId, hostId } = place;
  const known = before.get(instanceId);
  if (record === undefined || (known !== undefined && known.attempt >= place.attempt)) return [];
  const corrected = corrections(command, before);
  const places = corrected.reduce(withPlace, before);
  const others = [...places.entries()].filter(([id]) => id !== instanceId);
  const violated = violation(
    record,
    hostId,
    others.map(([, other]) => other),
  );
  if (violated !== undefined) throw new DomainError('conflict', 'server-group.policy-violated', violated);
  return [...corrected, { type: 'server-group.member-placed.v1', data: place }];
}

function withPlace(places: ServerGroup['places'], event: ServerGroupEvent): ServerGroup['places'] {
  if (event.type === 'server-group.member-released.v1') return places.delete(event.data.instanceId);
  if (event.type !== 'server-group.member-placed.v1') return places;
  const { instanceId, ...place } = event.data;
  return places.set(instanceId, place);
}

function decide(command: ServerGroupCommand, state: ServerGroup): readonly ServerGroupEvent[] {
  switch (command.type) {
    case 'CreateServerGroup':
      requireAbsent(state.life, 'server-group', command.data.groupId);
      return [{ type: 'server-group.created.v1', data: command.data }];
    case 'AbandonCreation':
      return abandons(state.life, 'server-group')
        ? [{ type: 'server-group.creation-abandoned.v1', data: { groupId: command.data.id } }]
        : [];
    case 'DeleteServerGroup':
      requireLive(state.life, 'server-group');
      return [{ type: 'server-group.deleted.v1', data: { groupId: state.record?.groupId ?? '' } }];
    case 'PlaceGroupMember':
      requireLive(state.life, 'server-group');
      return placeMember(command.data, state);
    case 'RecordGroupQuotaReleased': {
      const { record, life, quotaReleased } = state;
      if (record === undefined || life !== 'deleted' || quotaReleased) return [];
      const { groupId, projectId } = record;
      return [{ type: 'server-group.quota-released.v1', data: { groupId, projectId } }];
    }
    default:
      return unreachable(command);
  }
}

function evolve(state: ServerGroup, event: ServerGroupEvent): ServerGroup {
  switch (event.type) {
    case 'server-group.created.v1':
      return { ...state, life: 'live', record: event.data };
    case 'server-group.creation-abandoned.v1':
      return { ...state, life: 'abandoned' };
    case 'server-group.deleted.v1':
      return { ...state, life: 'deleted', places: Table.empty() };
    case 'server-group.quota-released.v1':
      return { ...state, quotaReleased: true };
    case 'server-group.member-placed.v1':
    case 'server-group.member-released.v1':
      return { ...state, places: withPlace(state.places, event) };
    default:
      return unreachable(event);
  }
}

/** A group that is gone gives back its quota. */
function due({ life, record, quotaReleased }: ServerGroup): readonly Effect[] {
  if (life !== 'deleted' || record === undefined || quotaReleased) return [];
  const { groupId, projectId } = record;
  const released = { type: 'RecordGroupQuotaReleased', data: {} } as const;
  return [
    {
      kind: 'command',
      id: deriveId(groupId, 'server-group', 'release-quota'),
      target: { category: 'quota', id: projectId },
      command: { type: 'ReleaseQuota', data: { owner: serverGroupRef(groupId) } },
      onDone: () => released,
      onRefused: () => released,
    },
  ];
}

export type ServerGroupAnswers = {
  /**
   * The member's place. It differs from the requested one if the group granted this attempt, or a later one, a place
   * before.
   */
  readonly PlaceGroupMember: MemberPlace | undefined;
};

export const servergroup: Aggregate<ServerGroup, ServerGroupCommand, ServerGroupEvent, ServerGroupAnswers> = {
  initial: { life: 'absent', record: undefined, places: Table.empty(), quotaReleased: false },
  decide,
  evolve,
  answer: (command, { places }) =>
    command.type === 'PlaceGroupMember' ? places.get(command.data.instanceId) : undefined,
  due,
  owes: { commands: ['ReleaseQuota'], jobs: [], places: false },
  category: 'servergroup',
  events: serverGroupEvents,
  schemaVersion: 1,
  snapshot: tableSnapshot({ places: true }),
};
