import { type Host, isPlacementRequest, type PlacementRequest, streamRef } from '@cairn/domain';

import type { Placer } from '../runtime/effect-runner';
import type { Clock, Executor } from '../runtime/ports';
import { type HostView, viewOf } from './host-view';
import { select } from './select';

/** Names the hosts there are. */
export interface HostRoster {
  hostIds(): Promise<readonly string[]>;
}

interface Choice {
  readonly request: PlacementRequest;
  readonly hostId: string;
  readonly at: number;
}

/** A choice is counted against its host until its claim shows, but no longer than this: the launch may have ended. */
const CHOICE_MS = 60_000;

/**
 * Chooses hosts one request at a time, on the newest state of each host, counting its own choices of a moment ago.
 * Its choice is a proposal: the host's own stream accepts or refuses the claim.
 */
export class Scheduler implements Placer {
  private readonly choices = new Map<string, Choice>();

  constructor(
    private readonly roster: HostRoster,
    private readonly executor: Executor,
    private readonly clock: Clock,
  ) {}

  async place(request: object): Promise<{ hostId: string; hostName: string }> {
    if (!isPlacementRequest(request)) throw new Error('this is not a request for a place on a host');
    const ids = await this.roster.hostIds();
    const hosts = await Promise.all(ids.map((id) => this.executor.state(streamRef('host', id))));
    this.forgetClaimed(hosts, request.instanceId);
    const views = hosts
      .map((host) => viewOf(host, this.chosenFor(host.hostId)))
      .filter((view): view is HostView => view !== null);
    const { hostId, name } = select(views, request);
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
