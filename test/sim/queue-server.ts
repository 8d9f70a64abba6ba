import { type HostMessage, LIVENESS_TTL_MS, type SentMessage, WORKER_OPTIONS } from '@cairn/host-protocol';

import type { HostQueue, Liveness } from '../../apps/controller/src/runtime/ports';

import type { VirtualTime } from './clock';
import { queuedStep } from './effect-steps';
import type { Incarnation } from './processes';
import type { Random } from './random';
import { received } from './received';

interface Job {
  readonly id: string;
  readonly message: HostMessage;
  state: 'waiting' | 'active' | 'delayed';
}

interface Worker {
  readonly process: Incarnation;
  readonly handle: (message: HostMessage) => Promise<void>;
  active: number;
}

export type QueueTrouble = 'lost' | 'delayed' | 'repeated' | 'unanswered';

const RETRY_MS = 2_000;

/** BullMQ on Redis as it may be: a pipe that delivers at least once, late, or not at all. */
export class QueueServer {
  private readonly jobs = new Map<string, Map<string, Job>>();
  private readonly workers = new Map<string, Worker>();
  private readonly alive = new Map<string, { readonly bootId: string; readonly until: number }>();
  private troubles: QueueTrouble[] = [];
  private awayUntil = 0;

  constructor(
    private readonly time: VirtualTime,
    private readonly random: Random,
  ) {}

  connect(process: Incarnation): HostQueue & Liveness {
    return {
      add: (hostId, id, message) =>
        process.remote(
          `queue ${message.kind} ${id.slice(0, 8)}`,
          () => this.add(hostId, id, message),
          queuedStep(message.kind),
        ),
      alive: (hostIds) => process.remote('liveness', () => this.ask(() => this.living(hostIds))),
    };
  }

  /** An agent begins to take jobs. It replaces the host's worker before it, which is dead. */
  work(hostId: string, process: Incarnation, handle: Worker['handle']): void {
    this.workers.set(hostId, { process, handle, active: 0 });
    this.deliver(hostId);
  }

  beat(hostId: string, bootId: string): void {
    if (this.isAway()) return;
    this.alive.set(hostId, { bootId, until: this.time.now + LIVENESS_TTL_MS });
  }

  trouble(kind: QueueTrouble, count: number): void {
    this.troubles.push(...Array.from({ length: count }, () => kind));
  }

  goAway(ms: number): void {
    this.awayUntil = this.time.now + ms;
    this.time.after(ms, () => {
      for (const hostId of this.jobs.keys()) this.deliver(hostId);
    });
  }

  /** Redis comes back empty. Jobs that run go on running; nobody knows of them. */
  flush(): void {
    this.jobs.clear();
    this.alive.clear();
  }

  behave(): void {
    this.troubles = [];
    this.awayUntil = 0;
  }

  /** Jobs that are stored, waiting or under way. */
  get size(): number {
    return [...this.jobs.values()].reduce((sum, jobs) => sum + jobs.size, 0);
  }

  /** A job that runs lost its lock: it is given out again while the first goes on. */
  loseLocks(): void {
    for (const [hostId, jobs] of this.jobs) {
      for (const job of jobs.values()) if (job.state === 'active') job.state = 'waiting';
      this.deliver(hostId);
    }
  }

  private async add(hostId: string, id: string, sent: SentMessage): Promise<void> {
    await this.ask(() => undefined);
    const trouble = this.troubles.shift();
    if (trouble === 'lost') return;
    const jobs = this.jobs.get(hostId) ?? new Map<string, Job>();
    this.jobs.set(hostId, jobs);
    if (!jobs.has(id)) {
      const job: Job = { id, message: received(sent), state: 'waiting' };
      jobs.set(id, job);
      if (trouble === 'delayed') this.delay(hostId, job, this.random.int(1_000, 90_000));
      if (trouble === 'repeated') {
        this.time.after(this.random.int(0, 5_000), () => {
          if (job.state === 'active') job.state = 'waiting';
          this.deliver(hostId);
        });
      }
    }
    this.deliver(hostId);
    if (trouble === 'unanswered') throw new Error('Redis: connection is closed');
  }

  private async ask<T>(answer: () => T): Promise<T> {
    if (!this.isAway()) return answer();
    await this.time.sleep(this.random.int(1, 1_000));
    throw new Error('Redis: connect ECONNREFUSED');
  }

  private living(hostIds: readonly string[]): ReadonlyMap<string, string> {
    const beats = hostIds.map((id) => [id, this.alive.get(id)] as const);
    return new Map(
      beats.flatMap(([id, beat]) => (beat === undefined || beat.until < this.time.now ? [] : [[id, beat.bootId]])),
    );
  }

  private deliver(hostId: string): void {
    const worker = this.workers.get(hostId);
    if (worker?.process.alive !== true || this.isAway()) return;
    for (const job of this.jobs.get(hostId)?.values() ?? []) {
      if (worker.active >= WORKER_OPTIONS.concurrency) return;
      if (job.state === 'waiting') this.give(hostId, worker, job);
    }
  }

  private give(hostId: string, worker: Worker, job: Job): void {
    job.state = 'active';
    worker.active += 1;
    const over = (end: () => void): void => {
      worker.active -= 1;
      end();
      this.deliver(hostId);
    };
    this.watch(hostId, worker, job);
    worker.handle(job.message).then(
      () => {
        over(() => {
          this.forget(hostId, job);
        });
      },
      () => {
        over(() => {
          this.delay(hostId, job, RETRY_MS);
        });
      },
    );
  }

  /** A job whose worker died is found stalled, and given out again. */
  private watch(hostId: string, worker: Worker, job: Job): void {
    this.time.after(WORKER_OPTIONS.stalledInterval * 2, () => {
      if (job.state !== 'active' || this.jobs.get(hostId)?.get(job.id) !== job) return;
      if (worker.process.alive && this.workers.get(hostId) === worker) {
        this.watch(hostId, worker, job);
        return;
      }
      job.state = 'waiting';
      this.deliver(hostId);
    });
  }

  private delay(hostId: string, job: Job, ms: number): void {
    job.state = 'delayed';
    this.time.after(ms, () => {
      if (job.state === 'delayed') job.state = 'waiting';
      this.deliver(hostId);
    });
  }

  private forget(hostId: string, job: Job): void {
    const jobs = this.jobs.get(hostId);
    if (jobs?.get(job.id) === job) jobs.delete(job.id);
  }

  private isAway(): boolean {
    return this.time.now < this.awayUntil;
  }
}
