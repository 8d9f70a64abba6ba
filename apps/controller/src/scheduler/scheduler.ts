import {
  type ChosenHost,
  type Host,
  HOST_AGGREGATES,
  isPlacementRequest,
  NoValidHost,
  type PlacementRequest,
  type Selection,
  streamRef,
} from '@cairn/domain';

import type { Placer } from '../runtime/effect-runner';
import type { Clock, Executor } from '../runtime/ports';
import type { Cause } from '../runtime/snapshots';
import { filtersOf } from './filters';
import { BuildFailures } from './build-failures';
import { type HostLoad, type HostView, NO_LOAD, viewOf } from './host-view';
import { claimLimits } from './limits';
import { MemberPlaces } from './member-places';
import { groupFilters, groupWeighers, type Neighbours } from './neighbours';
import { type Judges, select } from './select';
import { DEFAULT_SETTINGS, readsLoad, type SchedulerSettings } from './settings';
import { weighersOf } from './weighers';

/** Lists the hosts. */
export interface HostRoster {
  hostIds(): Promise<readonly string[]>;
  /** What each host is busy with, by its id; a host without servers may be absent. */
  loads?(): Promise<ReadonlyMap<string, HostLoad>>;
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

const NO_LOADS: ReadonlyMap<string, HostLoad> = new Map();

/**
 * Chooses hosts, one request at a time, by the newest state of each host and of its aggregates, and its own latest
 * choices. A choice is a proposal: the host's stream accepts or refuses the claim, and a server group's stream the
 * member's place.
 */
export class Scheduler implements Placer {
  private readonly choices = new Map<string, Choice>();
  private readonly failures = new BuildFailures();
  private readonly members: MemberPlaces;
  private readonly judges: Judges;

  constructor(
    private readonly roster: HostRoster,
    private readonly executor: Executor,
    private readonly clock: Clock,
    private readonly settings: SchedulerSettings = DEFAULT_SETTINGS,
  ) {
    this.members = new MemberPlaces(executor, clock);
    this.judges = {
      filters: filtersOf(settings),
      weighers: weighersOf(settings),
      subset: settings.hostSubsetSize,
    };
  }

  async place(request: object, cause: Cause = UNCAUSED): Promise<ChosenHost> {
    if (!isPlacementRequest(request)) throw new Error('this is not a request for a place on a host');
    // a move names the host that its server is on, which has failed at nothing
    const failed = request.purpose === 'launch' ? request.excludedHosts.at(-1) : undefined;
    if (failed !== undefined) this.failures.note(request.claimId, failed, this.now());
    const { member } = request;
    return member === undefined ? this.choose(request) : this.placeMember(request, member, cause);
  }

  /** Chooses again while other members of the group are faster. */
  private async placeMember(
    request: PlacementRequest,
    member: NonNullable<PlacementRequest['member']>,
    cause: Cause,
  ): Promise<ChosenHost> {
    let selection: Selection = { considered: 0, excludedBy: {}, excluded: [], weighed: [] };
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const group = await this.members.look(member, request.instanceId);
      if (group?.placed !== undefined) return group.placed;
      const choice = await this.choose(request, group);
      if (group === undefined) return choice;
      const place = await this.members.claim(member, request, choice, group.news, cause);
      if (place !== undefined) return place.hostId === choice.hostId ? choice : place;
      selection = choice.selection;
      this.choices.delete(request.instanceId);
      if (request.forcedHost !== null) break; // the choice is limited to one host
    }
    const message = 'No valid host was found. The policy of the server group allows no host that would do.';
    throw new NoValidHost(message, {}, selection);
  }

  private async choose(
    request: PlacementRequest,
    neighbours?: Neighbours,
  ): Promise<ChosenHost & { readonly selection: Selection }> {
    const views = await this.hosts(request.instanceId);
    const { host, selection } = select(views, request, this.judgesOf(neighbours));
    const { hostId, name } = host;
    this.choices.set(request.instanceId, { request, hostId, at: this.now() });
    return { hostId, hostName: name, ...claimLimits(host, this.settings), selection };
  }

  private judgesOf(neighbours: Neighbours | undefined): Judges {
    if (neighbours === undefined) return this.judges;
    const { filters, weighers, subset } = this.judges;
    return {
      filters: [...filters, ...groupFilters(neighbours)],
      weighers: [...weighers, ...groupWeighers(neighbours, this.settings)],
      subset,
    };
  }

  private async hosts(asking: string): Promise<readonly HostView[]> {
    const ids = await this.roster.hostIds();
    const loads = (readsLoad(this.settings) && (await this.roster.loads?.())) || NO_LOADS;
    const groups = await this.executor.state(HOST_AGGREGATES);
    const hosts = await Promise.all(ids.map((id) => this.executor.state(streamRef('host', id))));
    this.forgetClaimed(hosts, asking);
    const now = this.now();
    return hosts
      .map((host) =>
        viewOf(host, groups, {
          chosen: this.chosenFor(host.hostId),
          load: loads.get(host.hostId) ?? NO_LOAD,
          failures: this.failures.on(host.hostId, now),
        }),
      )
      .filter((view): view is HostView => view !== null);
  }

  private chosenFor(hostId: string): readonly PlacementRequest[] {
    return [...this.choices.values()].filter((choice) => choice.hostId === hostId).map(({ request }) => request);
  }

  private forgetClaimed(hosts: readonly Host[], asking: string): void {
    this.choices.delete(asking);
    const claims = new Map(hosts.map((host) => [host.hostId, host.claims]));
    const since = this.now() - CHOICE_MS;
    for (const [id, { hostId, request, at }] of this.choices) {
      if (at < since || claims.get(hostId)?.has(request.claimId) === true) this.choices.delete(id);
    }
  }

  private now(): number {
    return Date.parse(this.clock.now());
  }
}
