import {
  deriveId,
  DomainError,
  hasLeftItsHost,
  type PlacementRequest,
  type ServerGroup,
  streamRef,
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
  /** Members that have left their hosts, and whose places the group has not freed yet. */
  readonly gone: readonly string[];
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
    const left = await Promise.all(
      others.map(async ([id]) => hasLeftItsHost(await this.executor.latest(streamRef('instance', id)))),
    );
    return {
      policy: record.policy,
      ...(record.maxPerHost === undefined ? {} : { maxPerHost: record.maxPerHost }),
      placed: own !== undefined && own.attempt >= attempt ? own : undefined,
      hostIds: others.filter((_, i) => left[i] === false).map(([, { hostId }]) => hostId),
      gone: others.filter((_, i) => left[i] === true).map(([id]) => id),
    };
  }

  /** The member's place; undefined if the group has changed meanwhile and refuses this host. */
  async claim(
    { groupId, attempt }: Member,
    { instanceId, claimId }: PlacementRequest,
    { hostId, hostName }: Place,
    gone: readonly string[],
    cause: Cause,
  ): Promise<Place | undefined> {
    const data = { instanceId, claimId, attempt, hostId, hostName, gone };
    const commandId = deriveId(claimId, 'place-member', hostId, ...gone);
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
