import { deriveId, type JobStep, streamName, type StreamRef } from '@cairn/domain';
import { type HostJob, type InstanceFacts, type JobResult, resultEventId, WORKER_OPTIONS } from '@cairn/host-protocol';
import { isNoSpace } from '@cairn/os';
import { KeyedMutex } from '@cairn/turns';
import { Semaphore } from 'async-mutex';

import type { AgentStream } from './agent-stream';
import { imagesAfter, noteBefore, runJob } from './jobs';
import { type HostPorts, type JobContext, Superseded } from './jobs/job-context';
import type { Begun, Journal, Outcome } from './journal/journal';
import { type Clock, isoTime } from './ports/clock.port';
import type { Controller } from './ports/controller.port';
import { JobFailure, Retryable } from './ports/errors';
import type { Log } from './ports/log.port';
import { Supersession } from './supersession';

/** What every result says. */
type ResultBase = Omit<Extract<JobResult, { type: 'agent.job-superseded.v2' }>['data'], 'newestGeneration'>;

/** The protocol takes no more of a failure's message. */
const LONGEST_MESSAGE = 16 * 1024;

export interface JobRunnerParts {
  readonly hostId: string;
  readonly bootId: string;
  readonly virtType: NonNullable<InstanceFacts['virtType']>;
  readonly ports: HostPorts;
  readonly controller: Controller;
  readonly journal: Journal;
  readonly stream: AgentStream;
  readonly clock: Clock;
  readonly log: Log;
  readonly networksChanged: () => Promise<void>;
  /** Jobs that run at the same time; BullMQ's own limit unless said otherwise. */
  readonly concurrency?: number;
}

/**
 * Runs jobs, each effect once: the outcome is fixed in the journal first, then appended to the agent's own
 * stream, and only then is the job done. It knows nothing of BullMQ, so that the simulation can drive and crash it.
 */
export class JobRunner {
  private readonly mutex = new KeyedMutex();
  private readonly slots: Semaphore;
  private readonly supersession = new Supersession();

  constructor(private readonly parts: JobRunnerParts) {
    this.slots = new Semaphore(parts.concurrency ?? WORKER_OPTIONS.concurrency);
  }

  /**
   * Resolves with the outcome when it is in the log. Rejects when the world was not ready (Retryable, journal or event store
   * refusing): nothing was decided then, and the job must be given again.
   */
  async run(job: HostJob): Promise<JobResult> {
    if (job.hostId !== this.parts.hostId) throw new Error(`job ${job.effectId} is for host ${job.hostId}`);
    const { resource, generation } = job;
    this.supersession.enter(resource, generation);
    try {
      return await this.mutex.run(streamName(resource), () => this.slots.runExclusive(() => this.runOnce(job)));
    } finally {
      this.supersession.leave(resource);
    }
  }

  /** Whether a job of the resource runs or waits. */
  isBusy(resource: StreamRef): boolean {
    return this.supersession.newest(resource) !== undefined;
  }

  private async runOnce(job: HostJob): Promise<JobResult> {
    const { journal, stream, clock, log } = this.parts;
    const from = clock.now();
    const known = await journal.outcome(job.effectId);
    const outcome = known ?? (await journal.settle(await this.carryOut(job)));
    const { effectId, at, correlationId, event } = outcome;
    await stream.append({ id: resultEventId(effectId), at, commandId: effectId, correlationId, event });
    const { kind, generation } = job;
    const fields = { kind, effectId, resource: streamName(job.resource), generation, repeated: known !== undefined };
    log.info(event.type, { ...fields, ms: clock.now() - from });
    return event;
  }

  private async carryOut(job: HostJob): Promise<Outcome> {
    const event = await this.decide(job);
    const { effectId, resource, generation } = job;
    const correlationId = job.correlationId ?? effectId;
    return { effectId, resource, generation, at: isoTime(this.parts.clock), correlationId, event };
  }

  private async decide(job: HostJob): Promise<JobResult> {
    const { resource, generation } = job;
    const newest = Math.max(
      (await this.parts.journal.generation(resource)) ?? generation,
      this.supersession.newest(resource) ?? generation,
    );
    if (newest > generation) return this.superseded(job, newest);
    const begun = await this.begin(job);
    this.tell(job, 'taken');
    try {
      const facts = await this.supersession.watch(resource, generation, (superseded) =>
        runJob(job, this.contextOf(job, begun, superseded)),
      );
      return { type: 'agent.job-succeeded.v2', data: { ...this.resultOf(job), facts } };
    } catch (error) {
      if (error instanceof Superseded) return this.superseded(job, error.newestGeneration);
      return this.failed(job, error);
    }
  }

  /** Records the job before it runs, or returns the record of an interrupted try. */
  private async begin(job: HostJob): Promise<Begun> {
    const { journal, clock, ports } = this.parts;
    const earlier = await journal.begun(job.effectId);
    if (earlier !== undefined) return earlier;
    const { effectId, resource, generation } = job;
    const images = imagesAfter(job)?.map(({ sha256 }) => sha256) ?? null;
    const before = await noteBefore(job, ports);
    const begun: Begun = { effectId, resource, generation, at: isoTime(clock), images, before };
    await journal.begin(begun);
    return begun;
  }

  private contextOf(job: HostJob, { before }: Begun, superseded: Promise<never>): JobContext {
    const { ports, controller, clock, log, virtType, networksChanged } = this.parts;
    const told = (step: JobStep): void => {
      this.tell(job, step);
    };
    return { ...ports, controller, clock, log, virtType, networksChanged, superseded, before, told };
  }

  /** The job does not wait for the log: the outcome, which comes after it in the same stream, does. */
  private tell(job: HostJob, step: JobStep): void {
    if (job.tells?.includes(step) !== true) return;
    const { stream, clock, log, bootId } = this.parts;
    const { effectId, correlationId = effectId } = job;
    const event = { type: 'agent.job-progressed.v1', data: { ...this.resultOf(job), step } } as const;
    const record = {
      id: deriveId(effectId, step, bootId),
      at: isoTime(clock),
      commandId: effectId,
      correlationId,
      event,
    };
    stream.append(record).catch((error: unknown) => {
      log.warn('how far a job is could not be told', { effectId, step, error });
    });
  }

  private resultOf({ effectId, resource, generation }: HostJob): ResultBase {
    return { effectId, resource, generation, bootId: this.parts.bootId };
  }

  private superseded(job: HostJob, newestGeneration: number): JobResult {
    return { type: 'agent.job-superseded.v2', data: { ...this.resultOf(job), newestGeneration } };
  }

  private failed(job: HostJob, error: unknown): JobResult {
    if (error instanceof Retryable) throw error;
    const result = this.resultOf(job);
    const { effectId, kind } = job;
    this.parts.log.warn('job failed', { effectId, kind, resource: streamName(job.resource), error });
    if (isNoSpace(error)) {
      const message = 'The host has no room on its disk.';
      return { type: 'agent.job-failed.v2', data: { ...result, code: 'disk.failed', message, permanent: false } };
    }
    if (error instanceof JobFailure) {
      const { code, permanent } = error;
      const message = error.message.slice(0, LONGEST_MESSAGE);
      return { type: 'agent.job-failed.v2', data: { ...result, code, message, permanent } };
    }
    const message = `The host could not carry out ${kind} because of an error of its own (effect ${effectId}).`;
    return { type: 'agent.job-failed.v2', data: { ...result, code: 'agent.internal', message, permanent: false } };
  }
}
