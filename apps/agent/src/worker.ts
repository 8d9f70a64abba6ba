import { type HostMessage, hostMessage, hostQueue, isQuery, REDIS_PREFIX, WORKER_OPTIONS } from '@cairn/host-protocol';
import { DelayedError, type Job, UnrecoverableError, Worker } from 'bullmq';
import type Redis from 'ioredis';

import { backOff, type Clock } from './ports/clock.port';
import { Retryable } from './ports/errors';
import type { Log } from './ports/log.port';

export interface HostWorkerParts {
  readonly hostId: string;
  readonly redis: Redis;
  readonly handle: (message: HostMessage) => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Waits between tries of a job for which the world is not ready. */
const FIRST_RETRY_MS = 500;
const MOST_RETRY_MS = 15_000;
/** BullMQ waits for an absent Redis before it closes; the end of the process waits for no longer than this. */
const LET_GO_MS = 2_000;

/**
 * Takes one host's messages out of its queue. BullMQ is a pipe: a job that could not be carried out goes back
 * into the queue for as long as it takes, whatever attempts its sender allowed; outcomes live elsewhere.
 */
export class HostWorker {
  private readonly worker: Worker<unknown>;
  private readonly running = new Set<Promise<void>>();

  constructor(private readonly parts: HostWorkerParts) {
    this.worker = new Worker<unknown>(hostQueue(parts.hostId), (job, token) => this.track(this.process(job, token)), {
      ...WORKER_OPTIONS,
      connection: parts.redis,
      prefix: REDIS_PREFIX,
      runRetryDelay: 1_000,
      autorun: false,
    });
    this.worker.on('error', (error) => {
      parts.log.warn('queue: error', { error });
    });
  }

  /** Begins to take messages. */
  start(): void {
    this.worker.run().catch((error: unknown) => {
      this.parts.log.error('queue: the worker ended', { error });
    });
  }

  /**
   * Takes no more messages and waits for those that are here, but no longer than `withinMs`: BullMQ gives what is left
   * to the next process when its lock has run out.
   */
  async close(withinMs: number): Promise<void> {
    await this.worker.pause(true);
    await this.atMost(withinMs, Promise.allSettled(this.running));
    if (this.running.size > 0) this.parts.log.warn('queue: closing with jobs under way', { jobs: this.running.size });
    await this.atMost(LET_GO_MS, this.worker.close(this.running.size > 0));
  }

  /** Waits for it, but no longer than that. */
  private async atMost(ms: number, work: Promise<unknown>): Promise<void> {
    const patience = new AbortController();
    await Promise.race([work, this.parts.clock.sleep(ms, patience.signal)]);
    patience.abort();
  }

  private async track(work: Promise<void>): Promise<void> {
    this.running.add(work);
    try {
      await work;
    } finally {
      this.running.delete(work);
    }
  }

  private async process(job: Job<unknown>, token: string | undefined): Promise<void> {
    const message = hostMessage(job.data);
    if (message === undefined) throw this.unknown(job);
    try {
      await this.parts.handle(message);
    } catch (error) {
      if (isQuery(message)) throw this.unanswered(message.requestId, error);
      const inMs = backOff(job.attemptsStarted - 1, FIRST_RETRY_MS, MOST_RETRY_MS);
      const fields = { effectId: message.effectId, kind: message.kind, inMs, error };
      if (error instanceof Retryable) this.parts.log.info('job: not yet possible', fields);
      else this.parts.log.error('job: could not be carried out', fields);
      await job.moveToDelayed(this.parts.clock.now() + inMs, token);
      throw new DelayedError();
    }
  }

  private unknown({ id, name }: Job<unknown>): UnrecoverableError {
    this.parts.log.error('job: not understood', { id, name });
    return new UnrecoverableError('not understood by this agent');
  }

  /** By the time of a second try the asker has given up. */
  private unanswered(requestId: string, error: unknown): UnrecoverableError {
    this.parts.log.warn('query: not answered', { requestId, error });
    return new UnrecoverableError('not answered');
  }
}
