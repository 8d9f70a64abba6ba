import { sharedLog } from '@cairn/event-store';

import { projections } from '../../libs/projections/src/projections';
import { MemoryReadModel } from '../../libs/projections/src/runner/memory-read-model';
import { ReadModelRunner } from '../../libs/projections/src/runner/runner';

import { ReadModelRoster } from '../../apps/controller/src/read-model-roster';
import { type DueIndex, MemoryDueIndex } from '../../apps/controller/src/runtime/due-index';
import { CommandExecutor } from '../../apps/controller/src/runtime/execute';
import { LivenessMonitor } from '../../apps/controller/src/runtime/liveness-monitor';
import type { Clock } from '../../apps/controller/src/runtime/ports';
import { Runtime } from '../../apps/controller/src/runtime/runtime';
import { Snapshots } from '../../apps/controller/src/runtime/snapshots';
import { Scheduler } from '../../apps/controller/src/scheduler/scheduler';

import { commandHash, type FacadeParts, readModelOf } from './facade';
import { fenced, type Incarnation } from './processes';
import { traceLog } from './trace-log';
import type { Surroundings } from './surroundings';

/** A controller's process and what of it answers requests. */
export interface Front extends FacadeParts {
  readonly process: Incarnation;
}

/** A place where a controller runs: its disk outlives its processes. */
export class ControllerSite {
  index = new MemoryDueIndex();
  rows = new MemoryReadModel();
  front: Front | undefined;
  private commitsToFail = 0;
  private lives = 0;

  constructor(
    private readonly world: Surroundings,
    readonly name: string,
  ) {}

  /** The next writes of the index of owed work fail. */
  failCommits(count: number): void {
    this.commitsToFail += count;
  }

  /** Index and read models are caches: deleting them loses nothing. */
  deleteCaches(): void {
    this.index = new MemoryDueIndex();
    this.rows = new MemoryReadModel();
  }

  behave(): void {
    this.commitsToFail = 0;
  }

  start(): void {
    if (this.front?.process.alive === true) return;
    this.lives += 1;
    const { time, trace, queue: queueServer, logServer, plan } = this.world;
    const ended = new AbortController();
    const process = this.world.process(`${this.name}.${String(this.lives)}`, () => {
      ended.abort();
      time.after(this.world.restartAfter(), () => {
        this.start();
      });
    });
    const log = traceLog(trace, process);
    const clock: Clock = { now: () => time.iso, sleep: (ms, signal) => process.sleep(ms, signal) };
    const store = sharedLog(logServer.connect(process));
    const queue = queueServer.connect(process);
    const warn = (message: string, error: unknown): void => {
      log.warn(message, { error });
    };
    const snapshots = new Snapshots(store, warn, plan.snapshotEvery);
    const executor = new CommandExecutor({ store, clock, snapshots, commandHash }, plan.cachedStreams);
    const rows = fenced(this.rows, process, 'rows');
    const reader = new ReadModelRunner({
      log: store,
      groups: [{ projections, store: rows }],
      timer: clock,
      logger: log,
      breathe: () => Promise.resolve(),
    });
    const readModel = readModelOf(this.rows, reader);
    const roster = new ReadModelRoster(readModel, clock);
    const placer = new Scheduler(roster, executor, clock);
    const runtime = new Runtime({ store, executor, index: this.disk(process), queue, placer, clock, log });
    const monitor = new LivenessMonitor(roster, queue, executor, clock, log);
    this.front = { process, executor, clock, readModel };
    reader.start();
    void runtime.run(ended.signal);
    void monitor.run(ended.signal);
  }

  /** The index of owed work as the process sees it: on its own disk, which can be full. */
  private disk(process: Incarnation): DueIndex {
    const { index } = this;
    return {
      keepOf: (history) => index.keepOf(history),
      load: () => process.remote('index load', () => index.load()),
      commit: (changes, checkpoint) =>
        process.remote(`index commit ${String(changes.size)}`, () => {
          if (this.commitsToFail === 0) return index.commit(changes, checkpoint);
          this.commitsToFail -= 1;
          return Promise.reject(new Error('the disk is full'));
        }),
    };
  }
}
