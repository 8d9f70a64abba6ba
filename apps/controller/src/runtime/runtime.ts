import type { EventStore, Position, RecordedEvent } from '@cairn/event-store';

import type { DueIndex } from './due-index';
import { EffectRunner, type Placer } from './effect-runner';
import type { CommandExecutor } from './execute';
import type { Log } from '../log';
import { LogReader } from './log-reader';
import type { Clock, HostQueue } from './ports';
import { ProcessRunner } from './process-runner';
import { ResultRelay } from './result-relay';

export interface RuntimePorts {
  readonly store: EventStore;
  readonly executor: CommandExecutor;
  readonly index: DueIndex;
  readonly queue: HostQueue;
  readonly placer: Placer;
  readonly clock: Clock;
  readonly log: Log;
}

/** Keeps the cloud going: one reader of the log feeds the process runner and the result relay. */
export class Runtime {
  readonly processes: ProcessRunner;
  readonly reader: LogReader;
  private readonly relay: ResultRelay;

  constructor(private readonly ports: RuntimePorts) {
    const { store, executor, index, queue, placer, clock, log } = ports;
    const effects = new EffectRunner(executor, queue, placer, clock);
    const processes = new ProcessRunner({ executor, effects, index, clock, log });
    const relay = new ResultRelay(store, executor, clock, log);
    this.processes = processes;
    this.relay = relay;
    this.reader = new LogReader(
      store,
      {
        start: (history: string | null): Promise<Position | undefined> => processes.start(history),
        handle: (event: RecordedEvent): Promise<void> | undefined => this.handle(event),
        save: (checkpoint: Position | undefined): Promise<boolean> => processes.save(checkpoint),
        resumed: (): void => {
          processes.tryAgain();
        },
      },
      clock,
      log,
    );
  }

  /** What the reader does with each event. */
  handle(event: RecordedEvent): Promise<void> | undefined {
    this.ports.executor.observe(event);
    return this.relay.handle(event) ?? this.processes.handle(event);
  }

  /** Runs until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    await Promise.all([this.reader.run(signal), this.processes.keepTime(signal), this.relay.keepSaving(signal)]);
  }
}
