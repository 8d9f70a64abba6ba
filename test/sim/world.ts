import { deriveId } from '@cairn/domain';
import type { NewEvent, RecordedEvent } from '@cairn/event-store';

import { Retryable } from '../../apps/agent/src/ports/errors';
import type { Controller } from '../../apps/agent/src/ports/controller.port';
import type { Executor } from '../../apps/controller/src/runtime/ports';
import { hostDoor } from './host-door';
import { VirtualTime } from './clock';
import { ControllerSite } from './controller';
import { Images } from './images';
import { crashKey } from './coverage';
import type { Step } from './effect-steps';
import { Auditor } from './invariants/auditor';
import { givenOutWhenNobodyHasIt } from './invariants/floating';
import { nothingInUseIsGivenBack } from './invariants/giving-back';
import { LogServer } from './log-server';
import { Machine } from './machine';
import type { Plan } from './plan';
import { Incarnation } from './processes';
import { QueueServer } from './queue-server';
import type { Random } from './random';
import type { Surroundings } from './surroundings';
import { Trace } from './trace';

/** A host waits no longer for a controller. */
const DOOR_LIMIT_MS = 30_000;

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
  /** Nothing goes wrong any more. */
  isCalm = false;
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
    this.auditor = new Auditor(this.trace, [
      nothingInUseIsGivenBack(() => this.machines),
      givenOutWhenNobodyHasIt(() => this.machines),
    ]);
    const committed = (event: RecordedEvent): void => {
      this.auditor.committed(event);
    };
    const stepsOf = (events: readonly NewEvent[]): readonly Step[] => this.auditor.steps.of(events);
    const claim = (what: string): void => {
      this.auditor.claim(what);
    };
    this.logServer = new LogServer(this.time, random.fork('log'), plan, committed, stepsOf, claim);
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

  hostDoor(hostId: string): Controller {
    const { time } = this;
    const clock = { now: () => time.iso, sleep: (ms: number) => time.sleep(ms) };
    const through = async <T>(work: (executor: Executor) => Promise<T>): Promise<T> => {
      const front = this.controllers.flatMap((one) => (one.front?.process.alive === true ? [one.front] : []))[0];
      if (front === undefined) throw new Retryable('no controller answers');
      const late = time.sleep(DOOR_LIMIT_MS).then(() => Promise.reject(new Retryable('the controller is silent')));
      return Promise.race([work(front.executor), late]);
    };
    const executor: Pick<Executor, 'execute' | 'state' | 'latest'> = {
      execute: (target, command, context) => through((one) => one.execute(target, command, context)),
      state: (target) => through((one) => one.state(target)),
      latest: (target) => through((one) => one.latest(target)),
    };
    return hostDoor(hostId, executor, clock);
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
