import type { RecordedEvent } from '@cairn/event-store';
import type { SentMessage } from '@cairn/host-protocol';

import type { Core } from '../../apps/controller/src/application/core';
import { ReadModelRoster } from '../../apps/controller/src/read-model-roster';
import { MemoryDueIndex } from '../../apps/controller/src/runtime/due-index';
import type { CommandExecutor } from '../../apps/controller/src/runtime/execute';
import { drained } from '../../apps/controller/src/runtime/testing/manual-clock';
import type { HostQueue } from '../../apps/controller/src/runtime/ports';
import type { ReplyBroker } from '../../apps/controller/src/runtime/replies';
import { Runtime } from '../../apps/controller/src/runtime/runtime';
import { Scheduler } from '../../apps/controller/src/scheduler/scheduler';
import type { MemoryCore } from '../../apps/controller/src/testing/memory-core';
import { FlowHost } from '../flows/flow-host';
import type { VirtualTime } from '../sim/clock';
import { hostDoor } from '../sim/host-door';

/** The hosts of a fuzzed cloud, by name. */
export const HOSTS: Readonly<Record<string, string>> = {
  node1: 'b1a9b1a9-0000-4000-8000-000000000001',
  node2: 'b1a9b1a9-0000-4000-8000-000000000002',
};

/** Room for whatever is launched. */
const ROOMY = { vcpus: 512, ramMb: 4_194_304, diskGb: 65_536 };

/** Hosts whose agents are real, with simulated drivers that take no time. */
export class Hosts implements HostQueue {
  private readonly hosts = new Map<string, FlowHost>();

  async add(hostId: string, _id: string, sent: SentMessage): Promise<void> {
    await this.hosts.get(hostId)?.take(sent);
  }

  constructor(private readonly roomy: boolean) {}

  async start({ store, core }: MemoryCore, replies: ReplyBroker, time: VirtualTime): Promise<void> {
    const clock = { now: () => time.now, sleep: () => Promise.resolve() };
    for (const [name, hostId] of Object.entries(HOSTS)) {
      const reply = (requestId: string, text: string): Promise<void> => {
        replies.resolve(hostId, requestId, text);
        return Promise.resolve();
      };
      const door = { ...hostDoor(hostId, core.executor, core.clock, core.blobs), reply };
      const host = new FlowHost(name, hostId, store, clock, door, this.roomy ? ROOMY : undefined);
      this.hosts.set(hostId, host);
      await host.start();
    }
  }

  /** What the hypervisors answer from now on; undefined: they do what they are asked. */
  trouble(kind: FlowHost['trouble']): void {
    for (const host of this.hosts.values()) host.trouble = kind;
  }
}

/** The processes of a controller, which go on only when they are told to. */
export class Processes {
  private readonly ended = new AbortController();
  private readonly runtime: Runtime;
  private handled = 0;

  constructor(
    private readonly memory: MemoryCore,
    { config, readModel, log }: Core,
    queue: HostQueue,
    private readonly time: VirtualTime,
  ) {
    const clock = { now: () => time.iso, sleep: (ms: number, signal?: AbortSignal) => time.sleep(ms, signal) };
    const executor = memory.core.executor as CommandExecutor;
    const placer = new Scheduler(new ReadModelRoster(readModel, clock), executor, clock, config.scheduler);
    this.runtime = new Runtime({
      store: memory.store,
      executor,
      index: new MemoryDueIndex(),
      queue,
      placer,
      clock,
      log,
    });
    void this.runtime.processes.keepTime(this.ended.signal);
  }

  /** Everything that follows from what was appended happens, then time passes, and what that makes due. */
  async settle(ms: number): Promise<void> {
    await this.follow();
    await this.time.pass(ms);
    await this.follow();
  }

  end(): void {
    this.ended.abort();
  }

  private async follow(): Promise<void> {
    const { store } = this.memory;
    for (let quiet = 0; quiet < 2; quiet += 1) {
      for (let events = this.news(); events.length > 0; events = this.news()) {
        quiet = 0;
        await Promise.all(events.map(async (event) => this.runtime.handle(event)));
      }
      await drained();
      if (store.all().length > this.handled) quiet = -1;
    }
  }

  private news(): readonly RecordedEvent[] {
    const all = this.memory.store.all();
    if (all.length === this.handled) return [];
    const events = all.slice(this.handled);
    this.handled = all.length;
    return events;
  }
}
