import {
  deriveId,
  DomainError,
  type Host,
  type Instance,
  instance,
  type JobEffect,
  later,
  type Message,
  parseStream,
  RESTORE_LIMIT_MS,
  type Restarted,
} from '@cairn/domain';
import { type EventStore, OutcomeUnknown, type RecordedEvent, WrongRevision } from '@cairn/event-store';
import type { AgentEvent } from '@cairn/host-protocol';

import { agentReport } from './agent-report';
import { Barrier } from './barrier';
import { outcomeId, systemContext } from './context';
import type { CommandExecutor } from './execute';
import { KeyedQueue } from './keyed-queue';
import type { Log } from '../log';
import type { Clock } from './ports';
import { PositionTracker } from './position-tracker';
import type { Cause } from './snapshots';

type JobResult = Extract<
  AgentEvent,
  { type: 'agent.job-succeeded.v1' | 'agent.job-failed.v1' | 'agent.job-superseded.v1' }
>;

/**
 * After how many results of a host its checkpoint is saved, or after what time if there are fewer. Those after it are
 * looked at again by a controller that lost its index, which changes nothing as long as the streams that were told still
 * remember the commands (an hour, recent-commands.ts).
 */
const SAVE_EVERY = 64n;
const SAVE_AFTER_MS = 60_000;

/** How far the results of one host are relayed. */
interface Progress {
  readonly tracker: PositionTracker;
  readonly order: Barrier;
  saved: bigint;
  saving: boolean;
}

/**
 * Turns what agents report into domain events after checking it (HOST.md, Results): a result counts only if its effect
 * is outstanding and host and generation match; anything else is kept as evidence and changes nothing.
 */
export class ResultRelay {
  private readonly lanes = new KeyedQueue();
  private readonly hosts = new Map<string, Promise<Progress>>();

  constructor(
    private readonly store: EventStore,
    private readonly executor: CommandExecutor,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** The work that an event of an agent's stream asks for; undefined for other streams. */
  handle(event: RecordedEvent): Promise<void> | undefined {
    const ref = parseStream(event.stream);
    return ref?.category === 'agent' ? this.relay(ref.id, event) : undefined;
  }

  /** Saves how far each host's results are relayed, once a minute, until the signal aborts. */
  async keepSaving(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.clock.sleep(SAVE_AFTER_MS, signal);
      for (const [hostId, loading] of this.hosts) {
        const progress = await loading;
        const done = progress.tracker.checkpoint ?? -1n;
        if (done <= progress.saved) continue;
        await this.save(hostId, progress, done).catch((error: unknown) => {
          this.log.warn('how far results are relayed could not be saved', { hostId, error });
        });
      }
    }
  }

  private async relay(hostId: string, event: RecordedEvent): Promise<void> {
    const loading = this.hosts.get(hostId) ?? this.load(hostId);
    this.hosts.set(hostId, loading);
    const progress = await loading;
    if (event.revision <= progress.saved) return;
    const about = (event.data as { instanceId?: string }).instanceId ?? hostId;
    const what = `relay ${event.type} of ${hostId}`;
    const relay = (): Promise<void> => this.insistently(what, () => this.accept(hostId, event));
    // what was done before a start of the agent is known before the start is, and what was done after it, after
    const starts = event.type === 'agent.started.v1';
    const work = starts ? progress.order.alone(relay) : progress.order.among(() => this.lanes.run(about, relay));
    progress.tracker.begin(event.revision, work);
    await work;
    const done = progress.tracker.checkpoint ?? -1n;
    if (done - progress.saved >= SAVE_EVERY) await this.save(hostId, progress, done);
  }

  private async load(hostId: string): Promise<Progress> {
    const last = await this.insistently(`where the results of ${hostId} are`, () =>
      this.store.last(relayStream(hostId)),
    );
    const saved = BigInt((last?.data as { revision?: string } | undefined)?.revision ?? '-1');
    return { tracker: new PositionTracker(1_000_000), order: new Barrier(), saved, saving: false };
  }

  /** `relay-<host>` holds the revision below which every result was relayed; only the newest is kept. */
  private async save(hostId: string, progress: Progress, revision: bigint): Promise<void> {
    if (progress.saving) return;
    progress.saving = true;
    try {
      const stream = relayStream(hostId);
      const last = await this.store.last(stream);
      if (last === undefined) await this.store.keepLast(stream, 1);
      const id = deriveId(stream, String(revision));
      const event = { id, type: 'relay.advanced.v1', data: { revision: String(revision) }, metadata: {} };
      await this.store.append(stream, last?.revision ?? 'no-stream', [event]);
      progress.saved = revision;
    } catch (error) {
      if (!(error instanceof WrongRevision || error instanceof OutcomeUnknown)) throw error;
    } finally {
      progress.saving = false;
    }
  }

  /** Nothing is dropped because something was away: it is tried until it is done. */
  private async insistently<T>(what: string, work: () => Promise<T>): Promise<T> {
    for (let wait = 200; ; wait = Math.min(wait * 2, 30_000)) {
      try {
        return await work();
      } catch (error) {
        this.log.warn(`${what}: to be tried again`, { error });
        await this.clock.sleep(wait);
      }
    }
  }

  private async accept(hostId: string, event: RecordedEvent): Promise<void> {
    const result = agentReport(event);
    if (result === undefined) {
      const { type, revision } = event;
      this.log.error('an agent reports what is not understood', { hostId, type, revision: String(revision) });
      return;
    }
    switch (result.type) {
      case 'agent.started.v1': {
        const { bootId, inventory } = result.data;
        return this.tellHost(hostId, event, { type: 'RecordAgentStarted', data: { bootId, inventory } });
      }
      case 'agent.drift-detected.v1': {
        const { bootId, kind, name } = result.data;
        return this.tellHost(hostId, event, { type: 'ReportDrift', data: { bootId, kind, name } });
      }
      case 'agent.job-succeeded.v1':
      case 'agent.job-failed.v1':
      case 'agent.job-superseded.v1':
        return this.acceptJob(hostId, event, result);
    }
  }

  private async acceptJob(hostId: string, event: RecordedEvent, result: JobResult): Promise<void> {
    const { effectId, instanceId, generation } = result.data;
    const owner = { category: 'instance', id: instanceId };
    const { state, cause } = await this.executor.folded(owner);
    const effect = instance.due?.(state as Instance).find(({ id }) => id === effectId);
    const job = effect?.kind === 'job' ? effect : undefined;
    const matches = job?.hostId === hostId && job.job.generation === generation;
    if (matches) {
      const outcome = outcomeOf(job, result, await this.restartedSince(hostId, result.data.bootId));
      await this.executor.execute(owner, outcome, systemContext('relay', outcomeId(effectId), cause, this.clock));
    }
    if (await this.executor.knows(owner, outcomeId(effectId))) return; // accepted, now or before
    const reason =
      job === undefined || matches
        ? 'no such effect is outstanding'
        : `the effect is for host ${job.hostId}, generation ${String(job.job.generation)}`;
    const data = { effectId, instanceId, generation, resultType: result.type, reason };
    await this.tellHost(hostId, event, { type: 'RejectResult', data });
  }

  /** Whether the host has started anew since the boot in which it fixed a result. */
  private async restartedSince(hostId: string, bootId: string): Promise<Restarted | null> {
    const host = await this.executor.state<Host>({ category: 'host', id: hostId });
    if (host.bootId === null || host.bootId === bootId) return null;
    return { bootId: host.bootId, notAfter: later(this.clock.now(), RESTORE_LIMIT_MS) };
  }

  private async tellHost(hostId: string, event: RecordedEvent, command: Message): Promise<void> {
    const cause: Cause = { eventId: event.id, correlationId: deriveId(event.id, 'relay'), requestId: '' };
    const context = systemContext('relay', deriveId(event.id, 'relay'), cause, this.clock);
    try {
      await this.executor.execute({ category: 'host', id: hostId }, command, context);
    } catch (error) {
      if (!(error instanceof DomainError) || error.kind === 'unavailable') throw error;
      this.log.warn('an agent reports for a host that is not enrolled', { hostId, type: event.type, code: error.code });
    }
  }
}

const relayStream = (hostId: string): string => `relay-${hostId}`;

function outcomeOf(effect: JobEffect, { type, data }: JobResult, restarted: Restarted | null): Message {
  switch (type) {
    case 'agent.job-succeeded.v1':
      return effect.onDone(data.facts, restarted);
    case 'agent.job-failed.v1':
      return effect.onRefused({ code: data.code, message: data.message, permanent: data.permanent });
    case 'agent.job-superseded.v1': {
      const message = 'The host has seen a newer request for this instance.';
      return effect.onRefused({ code: 'host.superseded', message, permanent: false });
    }
  }
}
