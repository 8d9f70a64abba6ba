import type { HostMessage } from '@cairn/host-protocol';
import { LIVENESS_INTERVAL_MS } from '@cairn/host-protocol';

import {
  type ImageSource,
  SimulatedHost,
  simulatedPorts,
  type SimulatedSize,
} from '../../apps/agent/src/drivers/simulated';
import { HostAgent } from '../../apps/agent/src/host-agent';
import type { HostPorts } from '../../apps/agent/src/jobs/job-context';
import type { Journal } from '../../apps/agent/src/journal/journal';
import { MemoryJournal } from '../../apps/agent/src/journal/memory-journal';
import type { Clock } from '../../apps/agent/src/ports/clock.port';
import { JobFailure, Retryable } from '../../apps/agent/src/ports/errors';

import { fallible } from './fallible';
import { fenced, type Incarnation } from './processes';
import { traceLog } from './trace-log';
import type { Surroundings } from './surroundings';

/** What may go wrong with one thing that a driver is asked to do. */
export type DriverTrouble = 'refused' | 'failed-after' | 'error' | 'not-ready';

/** Verbs of the drivers that can fail. */
const FALLIBLE: ReadonlySet<string> = new Set([
  'ensure',
  'reboot',
  'remove',
  'ensurePort',
  'removePorts',
  'applySecurity',
  'copyRoot',
  'setPassword',
]);

/** A host: what its disk and kernel hold outlives the agent's process; what only its kernel holds ends with the power. */
export class Machine {
  readonly host = new SimulatedHost();
  readonly journal = new MemoryJournal();
  agent: Incarnation | undefined;
  powered = true;
  /** How many times longer than usual everything takes. */
  slowness = 1;
  troubles: DriverTrouble[] = [];
  /** How long the power is away when the agent dies next; undefined: it only dies. */
  blackoutMs: number | undefined;
  private lives = 0;

  constructor(
    private readonly world: Surroundings,
    readonly hostId: string,
    readonly size: SimulatedSize,
    private readonly images: ImageSource,
  ) {}

  get name(): string {
    return this.size.name;
  }

  /** Starts the agent's process unless it runs, or the machine has no power. */
  startAgent(): void {
    if (!this.powered || this.agent?.alive === true) return;
    this.lives += 1;
    const process = this.world.process(`${this.name}.${String(this.lives)}`, () => {
      if (this.blackoutMs !== undefined) this.powerOff(this.blackoutMs);
      this.world.time.after(this.world.restartAfter(), () => {
        this.startAgent();
      });
    });
    this.agent = process;
    const { random } = this.world;
    const agent = new HostAgent({
      hostId: this.hostId,
      ports: this.ports(process),
      journal: fenced<Journal>(this.journal, process, 'journal'),
      store: this.world.logServer.connect(process),
      controller: fenced(this.world.hostDoor(this.hostId), process, 'controller'),
      clock: this.clock(process, () => 1),
      random: { uuid: () => random.uuid() },
      log: traceLog(this.world.trace, process),
    });
    void this.run(agent, process);
  }

  /** The power goes: guests and agent end at this moment. It comes back after that long, if it is finite. */
  powerOff(ms: number): void {
    if (!this.powered) return;
    this.blackoutMs = undefined;
    this.powered = false;
    this.agent?.kill('the power goes');
    this.host.powerCycle();
    this.world.trace.add(this.name, 'has no power');
    if (ms === Infinity) return;
    this.world.time.after(ms, () => {
      this.powerOn();
    });
  }

  powerOn(): void {
    this.powered = true;
    this.startAgent();
  }

  private async run(agent: HostAgent, process: Incarnation): Promise<void> {
    const { queue, time } = this.world;
    await agent.start();
    queue.work(this.hostId, process, (message: HostMessage) => agent.handle(message));
    while (process.alive) {
      queue.beat(this.hostId, agent.bootId);
      await time.sleep(LIVENESS_INTERVAL_MS);
    }
  }

  private ports(process: Incarnation): HostPorts {
    const clock = this.clock(process, () => this.slowness);
    const ports = simulatedPorts({ host: this.host, size: this.size, clock, source: this.images });
    return {
      hypervisor: fenced(this.failing(ports.hypervisor), process, 'hypervisor'),
      consoles: ports.consoles,
      network: fenced(this.failing(ports.network), process, 'network'),
      images: fenced(this.failing(ports.images), process, 'images'),
      disks: fenced(this.failing(ports.disks), process, 'disks'),
    };
  }

  private clock(process: Incarnation, slowness: () => number): Clock {
    const { time } = this.world;
    return { now: () => time.now, sleep: (ms, signal) => process.sleep(ms * slowness(), signal) };
  }

  private failing<T extends object>(port: T): T {
    return fallible(port, FALLIBLE, (work) => this.attempt(work));
  }

  private async attempt(work: () => unknown): Promise<unknown> {
    const trouble = this.troubles.shift();
    if (trouble === 'refused') throw new JobFailure('hypervisor.failed', 'The host refused, for once.', false);
    if (trouble === 'error') throw new Error('something that nobody thought of');
    if (trouble === 'not-ready') throw new Retryable('not ready yet');
    const answer = await work();
    if (trouble === 'failed-after') throw new JobFailure('hypervisor.failed', 'It broke at the very end.', false);
    return answer;
  }
}
