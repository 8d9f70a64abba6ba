import {
  aggregateOf,
  deriveId,
  DNS,
  DomainError,
  type JobEffect,
  later,
  type Message,
  RESTORE_LIMIT_MS,
  restartOf,
  type Restarted,
  streamRef,
  type StreamRef,
  type HostCommand,
} from '@cairn/domain';
import type { RecordedEvent } from '@cairn/event-store';
import { type AgentEvent, jobFacts, type JobProgress, type JobResult } from '@cairn/host-protocol';

import type { Log } from '../log';
import { outcomeId, systemContext } from './context';
import type { CommandExecutor } from './execute';
import { MinuteBudget } from './minute-budget';
import { owedBy } from './owed';
import type { Clock, CommandContext } from './ports';
import type { RefusedReports } from './refused-reports';
import { type Cause, NO_CAUSE } from './snapshots';

/**
 * How many events of each kind an agent can cause in its host's stream per minute: starts, drift, networks, rejected results. The
 * rest is only counted. An agent in a crash loop restarts every few seconds.
 */
const MOST_A_MINUTE = 20;

/** How many changes of guests an agent can report per minute: all guests of a large host at once. */
const MOST_POWERS_A_MINUTE = 1_000;

/** How long a host may take to make its guest what the server's new state says. */
const FOLLOW_LIMIT_MS = 5 * 60_000;

type PowerReport = Extract<AgentEvent, { type: 'agent.power-changed.v1' }>;

/** What a server is told of a guest that was seen so: it takes the one of the two that its own state allows. */
const FOLLOWING: Readonly<Record<PowerReport['data']['power'], readonly string[]>> = {
  stopped: ['RecordGuestOff'],
  paused: ['RecordGuestPaused'],
  running: ['RecordGuestUnpaused', 'RecordGuestStarted'],
  suspended: [],
};

/**
 * Checks agents' reports and turns them into commands. A result counts only if its effect is outstanding and host and
 * generation match; the host's stream keeps any other result as evidence.
 */
export class ReportAcceptor {
  private readonly budget: MinuteBudget;
  private readonly powers: MinuteBudget;

  constructor(
    private readonly executor: CommandExecutor,
    private readonly refused: RefusedReports,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {
    this.budget = new MinuteBudget(MOST_A_MINUTE, clock);
    this.powers = new MinuteBudget(MOST_POWERS_A_MINUTE, clock);
  }

  async accept(hostId: string, event: RecordedEvent, report: AgentEvent): Promise<void> {
    switch (report.type) {
      case 'agent.started.v1': {
        const { bootId, inventory } = report.data;
        await this.tellHost(hostId, event, { type: 'RecordAgentStarted', data: { bootId, inventory } });
        return this.addToNames(hostId, event);
      }
      case 'agent.drift-detected.v1': {
        const { bootId, kind, name, resource } = report.data;
        await this.tellHost(hostId, event, { type: 'ReportDrift', data: { bootId, kind, name } });
        return resource === undefined ? undefined : this.acceptLeftover(hostId, event, resource);
      }
      case 'agent.network-differed.v1': {
        const { hostId: _host, ...data } = report.data;
        return this.tellHost(hostId, event, { type: 'RecordNetworkDiffered', data });
      }
      case 'agent.power-changed.v1':
        return this.acceptPower(hostId, event, report);
      case 'agent.job-progressed.v1':
        return this.acceptProgress(hostId, event, report);
      case 'agent.job-succeeded.v2':
      case 'agent.job-failed.v2':
      case 'agent.job-superseded.v2':
        return this.acceptJob(hostId, event, report);
    }
  }

  /** Records the reports refused since the last call, with at most one event per host. */
  async recordRefused(): Promise<void> {
    for (const { hostId, count, reason } of this.refused.take()) {
      const context = systemContext('relay', deriveId(hostId, 'refused', this.clock.now()), NO_CAUSE, this.clock, {
        unheard: true,
      });
      const command = { type: 'RecordReportsRefused', data: { count, reason } } as const;
      this.log.error('an agent reports what is not understood', { hostId, count, reason });
      try {
        await this.executor.execute(streamRef('host', hostId), command, context);
      } catch (error) {
        if (isUnavailable(error)) this.refused.note(hostId, reason, count);
        else this.log.warn('that could not be recorded', { hostId, error });
      }
    }
  }

  /** A host of the cloud answers its guests by the names that there are. */
  private async addToNames(hostId: string, event: RecordedEvent): Promise<void> {
    const { bootId } = await this.executor.state(streamRef('host', hostId));
    if (bootId === null || (await this.executor.state(DNS)).hosts.has(hostId)) return;
    await this.executor.execute(DNS, { type: 'AddDnsHost', data: { hostId } }, this.contextOf(event, 'names'));
  }

  /** A server that is not deleted takes no notice: what its hosts have of it, it knows. */
  private async acceptLeftover(hostId: string, event: RecordedEvent, resource: StreamRef): Promise<void> {
    if (resource.category !== 'instance') return;
    const command = { type: 'RecordLeftover', data: { hostId, found: event.id } };
    await this.executor.carry(resource, command, this.contextOf(event, 'leftover'));
  }

  /** Whether it counts, the server decides: it knows its host, its newest generation and its task. */
  private async acceptPower(hostId: string, event: RecordedEvent, { data }: PowerReport): Promise<void> {
    const { resource, generation, power, cause } = data;
    if (resource.category !== 'instance') return;
    if (!this.powers.take(hostId)) {
      this.refused.note(hostId, `${event.type}: too many in a minute`);
      return;
    }
    const notAfter = later(this.clock.now(), FOLLOW_LIMIT_MS);
    for (const type of FOLLOWING[power]) {
      const command = { type, data: { hostId, generation, cause, notAfter } };
      await this.executor.carry(resource, command, this.contextOf(event, type));
    }
  }

  /** One that comes late, or twice, is nothing to wonder about: the outcome tells the same and more. */
  private async acceptProgress(hostId: string, event: RecordedEvent, { data }: JobProgress): Promise<void> {
    const { effectId, resource, generation, step } = data;
    const job = (await this.owed(resource, effectId))?.job;
    if (job?.hostId !== hostId || job.job.generation !== generation) return;
    const told = job.onTold?.(step);
    if (told !== undefined) await this.executor.carry(resource, told, this.contextOf(event, 'told'));
  }

  private async acceptJob(hostId: string, event: RecordedEvent, result: JobResult): Promise<void> {
    const { effectId, resource, generation } = result.data;
    const owed = await this.owed(resource, effectId);
    if (owed === undefined) {
      this.refused.note(hostId, `a ${resource.category} owes no jobs`);
      return;
    }
    const { job, cause } = owed;
    const known = { effect: { owner: resource, id: effectId, outcome: true } };
    const context = systemContext('relay', outcomeId(effectId), cause, this.clock, known);
    const matches = job?.hostId === hostId && job.job.generation === generation;
    if (matches) {
      const outcome = outcomeOf(job, result, await this.restartedSince(hostId, result.data.bootId));
      if (outcome === undefined) {
        this.refused.note(hostId, `the facts of ${job.job.kind} are not what its schema says`);
        return;
      }
      await this.executor.carry(resource, outcome, context);
    }
    if (await this.executor.knows(resource, context)) return; // accepted now or earlier
    const reason =
      job === undefined || matches
        ? 'no such effect is outstanding'
        : `the effect is for host ${job.hostId}, generation ${String(job.job.generation)}`;
    const data = { effectId, resource, generation, resultType: result.type, reason };
    await this.tellHost(hostId, event, { type: 'RejectResult', data });
  }

  /** The job of that id, if the stream owes it now, and the cause of what follows; undefined for a category without jobs. */
  private async owed(
    resource: StreamRef,
    effectId: string,
  ): Promise<{ readonly job: JobEffect | undefined; readonly cause: Cause } | undefined> {
    const aggregate = aggregateOf(resource.category);
    if (aggregate?.due === undefined || (aggregate.owes?.jobs ?? []).length === 0) return undefined;
    const { state, cause } = await this.executor.folded(resource);
    const effect = owedBy(aggregate, state).find(({ id }) => id === effectId);
    return { job: effect?.kind === 'job' ? effect : undefined, cause };
  }

  /** Whether the host has restarted since the boot in which it recorded a result. */
  private async restartedSince(hostId: string, bootId: string): Promise<Restarted | null> {
    const host = await this.executor.state(streamRef('host', hostId));
    if (host.bootId === null || host.bootId === bootId) return null;
    return restartOf(host, host.bootId, later(this.clock.now(), RESTORE_LIMIT_MS));
  }

  /** Of a command that an agent's event leads to. */
  private contextOf({ id }: RecordedEvent, step: string, known: Pick<CommandContext, 'after'> = {}): CommandContext {
    return systemContext('relay', deriveId(id, step), { ...NO_CAUSE, eventId: id }, this.clock, known);
  }

  private async tellHost(hostId: string, event: RecordedEvent, command: HostCommand): Promise<void> {
    const host = streamRef('host', hostId);
    const context = this.contextOf(event, 'relay', { after: event.position });
    if (await this.executor.knows(host, context)) return; // recorded earlier: it costs no budget
    if (!this.budget.take(`${command.type} ${hostId}`)) {
      this.refused.note(hostId, `${event.type}: too many in a minute`);
      return;
    }
    try {
      await this.executor.execute(host, command, context);
    } catch (error) {
      if (!(error instanceof DomainError) || isUnavailable(error)) throw error;
      this.refused.note(hostId, `${event.type}: ${error.code}`);
    }
  }
}

export const isUnavailable = (error: unknown): boolean => error instanceof DomainError && error.kind === 'unavailable';

/** The command to the owner; undefined if the facts do not match the schema of the job's kind. */
function outcomeOf(effect: JobEffect, { type, data }: JobResult, restarted: Restarted | null): Message | undefined {
  switch (type) {
    case 'agent.job-succeeded.v2': {
      const facts = jobFacts(effect.job.kind, data.facts);
      return facts && effect.onDone(facts, restarted);
    }
    case 'agent.job-failed.v2':
      return effect.onRefused({ code: data.code, message: data.message, permanent: data.permanent });
    case 'agent.job-superseded.v2':
      return effect.onRefused({
        code: 'host.superseded',
        message: 'The host has seen a newer request.',
        permanent: false,
      });
  }
}
