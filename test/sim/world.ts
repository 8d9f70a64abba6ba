import { deriveId } from '@cairn/domain';
import type { RecordedEvent } from '@cairn/event-store';

import { VirtualTime } from './clock';
import { ControllerSite } from './controller';
import { Images } from './images';
import { crashKey } from './coverage';
import { Auditor } from './invariants/auditor';
import { LogServer } from './log-server';
import { Machine } from './machine';
import type { Plan } from './plan';
import { Incarnation } from './processes';
import { QueueServer } from './queue-server';
import type { Random } from './random';
import type { Surroundings } from './surroundings';
import { Trace } from './trace';

/** Everything there is, and the one place where its parts know of each other. */
export class World implements Surroundings {
  readonly time = new VirtualTime();
  readonly trace: Trace;
  readonly auditor: Auditor;
  readonly logServer: LogServer;
  readonly queue: QueueServer;
  readonly images = new Images();
  readonly machines: readonly Machine[];
  readonly controllers: readonly ControllerSite[];
  private readonly restarts: Random;
  /** Deaths by what the process was about to do, was doing or had done. */
  readonly deaths = new Map<string, number>();
  /** Deaths at the steps of effects, counted by `crashKey`. */
  readonly crashes = new Map<string, number>();

  constructor(
    readonly plan: Plan,
    readonly random: Random,
    show?: (line: string) => void,
  ) {
    this.trace = new Trace(this.time, show);
    this.restarts = random.fork('restarts');
    this.auditor = new Auditor(this.trace);
    const committed = (event: RecordedEvent): void => {
      this.auditor.committed(event);
    };
    this.logServer = new LogServer(this.time, random.fork('log'), committed, (events) => this.auditor.steps.of(events));
    this.queue = new QueueServer(this.time, random.fork('queue'));
    this.machines = plan.hosts.map((size, i) => {
      const name = `host-${String(i)}`;
      const machine = new Machine(this, hostIdOf(i), { name, ...size }, this.images);
      machine.host.onChange = () => {
        this.auditor.hostChanged(this.machines);
      };
      return machine;
    });
    this.controllers = Array.from(
      { length: plan.controllers },
      (_, i) => new ControllerSite(this, `controller-${String(i)}`),
    );
  }

  restartAfter(): number {
    return this.restarts.skewed(50, 60_000);
  }

  /** A new life of a process. */
  process(name: string, onDeath: () => void): Incarnation {
    const { time, trace, random, plan } = this;
    trace.add(name, 'begins');
    return new Incarnation({
      name,
      time,
      trace,
      random: random.fork(name),
      pace: plan.pace,
      onDeath: (why, at) => {
        count(this.deaths, why);
        for (const step of at?.steps ?? []) count(this.crashes, crashKey(step, at?.phase ?? 'before'));
        onDeath();
      },
    });
  }
}

const count = (counts: Map<string, number>, key: string): void => {
  counts.set(key, (counts.get(key) ?? 0) + 1);
};

export const hostIdOf = (index: number): string => deriveId('simulation', 'host', index);
