import {
  deriveId,
  DomainError,
  hasLeftItsHost,
  type Instance,
  type MemberPlace,
  type PlacementRequest,
  restingPlace,
  type ServerGroup,
  streamRef,
  type Strayed,
} from '@cairn/domain';
import { systemContext } from '../runtime/context';
import type { Clock, Executor } from '../runtime/ports';
import type { Cause } from '../runtime/snapshots';
import type { Neighbours } from './neighbours';

export interface Place {
  readonly hostId: string;
  readonly hostName: string;
}

/** A group, as a member that looks for a host finds it. */
export interface GroupView extends Neighbours {
  /** Where an earlier try of the same attempt placed the member. */
  readonly placed: Place | undefined;
  /** What the group does not know yet of its other members. */
  readonly news: News;
}

interface News {
  /** Members that have left their hosts for ever. */
  readonly gone: readonly string[];
  /** Members that are elsewhere than where the group placed them. */
  readonly strayed: readonly Strayed[];
}

/** Where another member counts, and what the group does not know of it. */
interface Seen {
  readonly hostId: string | undefined;
  readonly gone?: string;
  readonly strayed?: Strayed;
}

function seen(instanceId: string, place: MemberPlace, state: Instance): Seen {
  if (hasLeftItsHost(state)) return { hostId: undefined, gone: instanceId };
  const host = restingPlace(state);
  if (host === undefined || host?.hostId === place.hostId) return { hostId: place.hostId };
  const { attempt } = place;
  if (host === null) return { hostId: undefined, strayed: { instanceId, attempt, host } };
  const { hostId, hostName, claimId } = host;
  return { hostId, strayed: { instanceId, attempt, host: { hostId, hostName, claimId } } };
}

type Member = NonNullable<PlacementRequest['member']>;

/**
 * The places of a group's members. Reads them from the log, and claims each in the group's own stream: of two launches
 * that together break the policy, the stream refuses the second, whichever controllers they come from.
 */
export class MemberPlaces {
  constructor(
    private readonly executor: Executor,
    private readonly clock: Clock,
  ) {}

  /** Undefined if the group was deleted, and its policy with it. */
  async look({ groupId, attempt }: Member, instanceId: string): Promise<GroupView | undefined> {
    const { life, record, places }: ServerGroup = await this.executor.latest(streamRef('servergroup', groupId));
    if (life !== 'live' || record === undefined) return undefined;
    const own = places.get(instanceId);
    const others = [...places.entries()].filter(([id]) => id !== instanceId);
    const found = await Promise.all(
      others.map(async ([id, place]) => seen(id, place, await this.executor.latest(streamRef('instance', id)))),
    );
    return {
      policy: record.policy,
      ...(record.maxPerHost === undefined ? {} : { maxPerHost: record.maxPerHost }),
      placed: own !== undefined && own.attempt >= attempt ? own : undefined,
      hostIds: found.map(({ hostId }) => hostId).filter((id) => id !== undefined),
      news: {
        gone: found.map(({ gone }) => gone).filter((id) => id !== undefined),
        strayed: found.map(({ strayed }) => strayed).filter((one) => one !== undefined),
      },
    };
  }

  /** The member's place; undefined if the group has changed meanwhile and refuses this host. */
  async claim(
    { groupId, attempt }: Member,
    { instanceId, claimId }: PlacementRequest,
    { hostId, hostName }: Place,
    news: News,
    cause: Cause,
  ): Promise<Place | undefined> {
    const data = { instanceId, claimId, attempt, hostId, hostName, ...news };
    const told = [...news.gone, ...news.strayed.map((one) => JSON.stringify(one))];
    const commandId = deriveId(claimId, 'place-member', hostId, ...told);
    const context = systemContext('scheduler', commandId, cause, this.clock);
    const command = { type: 'PlaceGroupMember', data } as const;
    try {
      return (await this.executor.execute(streamRef('servergroup', groupId), command, context)).answer;
    } catch (error) {
      if (error instanceof DomainError && error.kind !== 'unavailable') return undefined;
      throw error;
    }
  }
}
