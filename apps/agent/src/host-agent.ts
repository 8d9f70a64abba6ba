import type { EventStore } from '@cairn/event-store';
import {
  type AgentEvent,
  instanceFacts,
  type HostJob,
  type HostMessage,
  type Inventory,
  isQuery,
  startedEventId,
} from '@cairn/host-protocol';

import { AgentStream } from './agent-stream';
import { type DeletedGuestAction, DriftWatch } from './drift-watch';
import { GuestWatch, type GuestWatchParts } from './guest-watch';
import { JobRunner } from './job-runner';
import { ConsoleRelay } from './console-relay';
import { answerQuery } from './jobs/answer-query';
import type { HostPorts } from './jobs/job-context';
import type { Journal } from './journal/journal';
import { type NetworkState, NetworkWatch } from './network-watch';
import { backOff, type Clock, isoTime, type Random } from './ports/clock.port';
import type { Controller } from './ports/controller.port';
import type { Log } from './ports/log.port';

const HOUR_MS = 60 * 60 * 1000;

export interface HostAgentParts {
  readonly hostId: string;
  readonly ports: HostPorts;
  readonly journal: Journal;
  readonly store: EventStore;
  readonly controller: Controller;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** See JobContext; by default nobody listens. */
  readonly networksChanged?: () => Promise<void>;
  /** How often to look at the guests although the hypervisor tells of no change; 0, the default: never. */
  readonly guestsEveryMs?: number;
  /** How often to look whether the host's network is what the host was told; 0, the default: never. */
  readonly networkEveryMs?: number;
  /** Told how the network is, when that changes. */
  readonly tellNetwork?: (state: NetworkState) => Promise<void>;
  /** What becomes of guests of deleted servers; reported by default. */
  readonly deletedGuests?: { readonly action: DeletedGuestAction; readonly everyMs: number };
  /** Whether to look when the hypervisor tells of a change; true by default. */
  readonly followsGuests?: boolean;
  /** Whether guests that ran when the host went down run again; true by default. */
  readonly resumesGuests?: boolean;
}

/**
 * One host's agent without the transport around it: what happens at its start, and with each message. All that touches
 * time, chance, disk and network comes in, so the simulation runs this very class.
 */
export class HostAgent {
  readonly bootId: string;
  private readonly stream: AgentStream;
  private runner: JobRunner | undefined;
  private readonly consoles: ConsoleRelay;
  private readonly guests: GuestWatch;
  private readonly drift: DriftWatch;
  readonly network: NetworkWatch;
  private nextJournalPruning = 0;

  constructor(private readonly parts: HostAgentParts) {
    const { store, clock, log, hostId, random, ports, controller } = parts;
    this.bootId = random.uuid();
    this.consoles = new ConsoleRelay({ consoles: ports.consoles, controller, log });
    this.stream = new AgentStream({ store, clock, log, hostId, bootId: this.bootId });
    const { guestsEveryMs = 0, followsGuests = true, deletedGuests = { action: 'log', everyMs: 0 } } = parts;
    const watched = this.watched();
    this.guests = new GuestWatch({ ...watched, everyMs: guestsEveryMs, follows: followsGuests });
    this.drift = new DriftWatch({ ...watched, ...deletedGuests });
    const { networkEveryMs = 0, tellNetwork } = parts;
    this.network = new NetworkWatch({
      ...watched,
      network: ports.network,
      everyMs: networkEveryMs,
      ...(tellNetwork === undefined ? {} : { tell: tellNetwork }),
    });
  }

  /** Logs that the agent runs, the host's resources, and guests here that nobody asked for. */
  async start(): Promise<Inventory> {
    const { hostId, ports, controller, clock, log, journal, networksChanged = () => Promise.resolve() } = this.parts;
    const inventory = await this.inventory();
    const { bootId } = this;
    await this.append(startedEventId(bootId), { type: 'agent.started.v1', data: { hostId, bootId, inventory } });
    await this.insistently(() => this.drift.look());
    await networksChanged();
    const { virtType } = inventory;
    const { stream } = this;
    this.runner = new JobRunner({
      hostId,
      bootId,
      virtType,
      ports,
      controller,
      journal,
      stream,
      clock,
      log,
      networksChanged,
    });
    return inventory;
  }

  private async inventory(): Promise<Inventory> {
    const { ports, resumesGuests = true } = this.parts;
    const found = await this.insistently(() => ports.hypervisor.inventory());
    return resumesGuests ? found : { ...found, resumesGuests };
  }

  /** Reports guests that change though nobody asked, and mends the host's network, until the signal aborts. */
  async watch(signal: AbortSignal): Promise<void> {
    await Promise.all([this.guests.run(signal), this.drift.run(signal), this.network.run(signal)]);
  }

  /** One look at the guests, which `watch` takes by itself. */
  async lookAtGuests(): Promise<void> {
    await this.guests.look();
    await this.drift.look();
  }

  /** @throws what JobRunner.run throws, or Retryable for a query whose answer found no way. */
  async handle(message: HostMessage): Promise<void> {
    if (this.runner === undefined) throw new Error('the agent has not started');
    if (isQuery(message)) {
      if (message.kind === 'open-console') await this.consoles.answer(message);
      else await answerQuery(message, this.parts.ports.hypervisor, this.parts.controller);
      return;
    }
    await this.carryOut(this.runner, message);
    await this.tidyUp();
  }

  /** Ends the consoles that are open. */
  closeConsoles(): void {
    this.consoles.close();
  }

  /** The job's own outcome is what the guest is to be compared with from then on. */
  private async carryOut(runner: JobRunner, job: HostJob): Promise<void> {
    const result = await runner.run(job);
    if (result.type !== 'agent.job-succeeded.v2') return;
    const facts = instanceFacts.safeParse(result.data.facts);
    if (facts.success) this.guests.note(job.resource, job.generation, facts.data.power);
  }

  /** What the watches over the guests have in common. */
  private watched(): Omit<GuestWatchParts, 'everyMs' | 'follows'> {
    const { hostId, ports, journal, clock, log } = this.parts;
    return {
      hostId,
      bootId: this.bootId,
      hypervisor: ports.hypervisor,
      journal,
      isBusy: (resource) => this.runner?.isBusy(resource) === true,
      append: (id, event) => this.append(id, event),
      clock,
      log,
    };
  }

  /** Forgets useless things: images that nothing uses, outcomes that nobody can ask for again. */
  private async tidyUp(): Promise<void> {
    const { journal, ports, clock, log } = this.parts;
    try {
      await ports.images.prune(new Set((await journal.present()).flatMap(({ images }) => images)));
      if (clock.now() < this.nextJournalPruning) return;
      this.nextJournalPruning = clock.now() + HOUR_MS;
      await journal.prune(isoTime(clock));
    } catch (error) {
      log.warn('tidying up failed; the next job tries again', { error });
    }
  }

  /** libvirt may come up after the agent: it is asked until it answers. */
  private async insistently<T>(ask: () => Promise<T>): Promise<T> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await ask();
      } catch (error) {
        this.parts.log.error('the hypervisor does not answer; trying again', { attempt, error });
        await this.parts.clock.sleep(backOff(attempt, 500));
      }
    }
  }

  private append(id: string, event: AgentEvent): Promise<void> {
    const at = isoTime(this.parts.clock);
    return this.stream.append({ id, at, commandId: this.bootId, correlationId: this.bootId, event });
  }
}
