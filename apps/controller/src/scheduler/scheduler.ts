import {
  DomainError,
  type Host,
  HOST_AGGREGATES,
  isPlacementRequest,
  type PlacementRequest,
  streamRef,
} from '@cairn/domain';

import type { Placer } from '../runtime/effect-runner';
import type { Clock, Executor } from '../runtime/ports';
import type { Cause } from '../runtime/snapshots';
import { FILTERS } from './filters';
import { type HostView, viewOf } from './host-view';
import { MemberPlaces, type Place } from './member-places';
import { groupFilters, groupWeighers, type Neighbours } from './neighbours';
import { select } from './select';
import { WEIGHERS } from './weighers';

/** Lists the hosts. */
export interface HostRoster {
  hostIds(): Promise<readonly string[]>;
}

interface Choice {
  readonly request: PlacementRequest;
  readonly hostId: string;
  readonly at: number;
}

/** How long a choice counts against its host, if its claim does not show earlier: the launch may have ended. */
const CHOICE_MS = 60_000;

const UNCAUSED: Cause = { eventId: '', correlationId: '', requestId: '' };

/** How often to place a member again when other members of its group were faster. */
const MOST_TRIES = 32;

/**
 * Chooses hosts, one request at a time, by the newest state of each host and of its aggregates, and its own latest
 * choices. A choice is a proposal: the host's stream accepts or refuses the claim, and a server group's stream the
 * member's place.
 */
export class Scheduler implements Placer {
  private readonly choices = new Map<string, Choice>();
  private readonly members: MemberPlaces;

  constructor(
    private readonly roster: HostRoster,
    private readonly executor: Executor,
    private readonly clock: Clock,
  ) {
    this.members = new MemberPlaces(executor, clock);
  }

  async place(request: object, cause: Cause = UNCAUSED): Promise<Place> {
    if (!isPlacementRequest(request)) throw new Error('this is not a request for a place on a host');
    const { member } = request;
    return member === undefined ? this.choose(request) : this.placeMember(request, member, cause);
  }

  /** Chooses again while other members of the group are faster. */
  private async placeMember(
    request: PlacementRequest,
    member: NonNullable<PlacementRequest['member']>,
    cause: Cause,
  ): Promise<Place> {
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const group = await this.members.look(member, request.instanceId);
      if (group?.placed !== undefined) return group.placed;
      const choice = await this.choose(request, group);
      if (group === undefined) return choice;
      const place = await this.members.claim(member, request, choice, group.gone, cause);
      if (place !== undefined) return place;
      this.choices.delete(request.instanceId);
      if (request.forcedHost !== null) break; // the choice is limited to one host
    }
    const message = 'No valid host was found. The policy of the server group allows no host that would do.';
    throw new DomainError('capacity', 'scheduler.no-valid-host', message);
  }

  private async choose(request: PlacementRequest, neighbours?: Neighbours): Promise<Place> {
    const ids = await this.roster.hostIds();
    const groups = await this.executor.state(HOST_AGGREGATES);
    const hosts = await Promise.all(ids.map((id) => this.executor.state(streamRef('host', id))));
    this.forgetClaimed(hosts, request.instanceId);
    const views = hosts
      .map((host) => viewOf(host, groups, this.chosenFor(host.hostId)))
      .filter((view): view is HostView => view !== null);
    const filters = neighbours === undefined ? FILTERS : [...FILTERS, ...groupFilters(neighbours)];
    const weighers = neighbours === undefined ? WEIGHERS : [...WEIGHERS, ...groupWeighers(neighbours)];
    const { hostId, name } = select(views, request, filters, weighers);
    this.choices.set(request.instanceId, { request, hostId, at: Date.parse(this.clock.now()) });
    return { hostId, hostName: name };
  }

  private chosenFor(hostId: string): readonly PlacementRequest[] {
    return [...this.choices.values()].filter((choice) => choice.hostId === hostId).map(({ request }) => request);
  }

  private forgetClaimed(hosts: readonly Host[], asking: string): void {
    this.choices.delete(asking);
    const claims = new Map(hosts.map((host) => [host.hostId, host.claims]));
    const since = Date.parse(this.clock.now()) - CHOICE_MS;
    for (const [id, { hostId, request, at }] of this.choices) {
      if (at < since || claims.get(hostId)?.has(request.claimId) === true) this.choices.delete(id);
    }
  }
}
