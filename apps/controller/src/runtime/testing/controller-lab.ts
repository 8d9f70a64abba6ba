import { type Inventory, later, type Message, type StreamRef, streamRef } from '@cairn/domain';
import type { RecordedEvent } from '@cairn/event-store';
import { type HostJob, hostMessage, type SentMessage } from '@cairn/host-protocol';

import { silentLog } from '../../log';
import { MemoryDueIndex } from '../due-index';
import { EffectRunner, type Placer } from '../effect-runner';
import { CommandExecutor } from '../execute';
import { type CommandContext, type Executed, type HostQueue, SYSTEM } from '../ports';
import { ProcessRunner } from '../process-runner';
import { ResultRelay } from '../result-relay';
import { Snapshots } from '../snapshots';
import { inventoryOf } from '../../../../../libs/domain/src/testing/model';
import { idOf, launchOf } from './fixtures';
import { ManualClock } from './manual-clock';
import { ScriptedStore } from './scripted-store';

export const HOST = streamRef('host', idOf('host'));
export const INSTANCE = streamRef('instance', idOf('instance'));
export const QUOTA = streamRef('quota', idOf('project'));
export const BOOT = idOf('boot');

/** The runtime's parts around one log, without the reader: the test hands over events itself. */
export class ControllerLab {
  readonly clock = new ManualClock();
  readonly executor: CommandExecutor;
  readonly index = new MemoryDueIndex();
  readonly runner: ProcessRunner;
  readonly relay: ResultRelay;
  /** What was put into the hosts' queues. */
  readonly sent: { readonly id: string; readonly message: SentMessage }[] = [];
  /** Thrown by the queue while it is set. */
  queueError: Error | undefined;
  private static labs = 0;
  private readonly number: number;
  private commands = 0;
  private handled = 0;

  constructor(
    readonly store = new ScriptedStore(),
    placer: Placer = { place: () => Promise.resolve({ hostId: HOST.id, hostName: 'host-1' }) },
    cached?: number,
  ) {
    ControllerLab.labs += 1;
    this.number = ControllerLab.labs;
    const { clock } = this;
    const snapshots = new Snapshots(store, () => undefined);
    this.executor = new CommandExecutor({ store, clock, snapshots, commandHash: (canonical) => canonical }, cached);
    const queue: HostQueue = {
      add: (_hostId, id, message) => {
        if (this.queueError !== undefined) return Promise.reject(this.queueError);
        this.sent.push({ id, message });
        return Promise.resolve();
      },
    };
    const effects = new EffectRunner(this.executor, queue, placer, clock);
    const { executor, index } = this;
    this.runner = new ProcessRunner({ executor, effects, index, clock, log: silentLog });
    this.relay = new ResultRelay(store, executor, clock, silentLog);
  }

  /** @param id the command's id; a new one each time unless given. */
  execute(target: StreamRef, command: Message, id?: string, over: Partial<CommandContext> = {}): Promise<Executed> {
    this.commands += 1;
    const commandId = id ?? idOf(`command of lab ${String(this.number)}`, this.commands);
    return this.executor.carry(target, command, {
      commandId,
      actor: SYSTEM,
      api: 'test',
      requestId: 'req-1',
      clientAddress: null,
      correlationId: commandId,
      causationId: commandId,
      deadline: later(this.clock.now(), 30_000),
      ...over,
    });
  }

  /** Hands everything that is new in the log to the process runner, again until nothing new comes of it. */
  async follow(): Promise<void> {
    for (;;) {
      const events = this.store.log.all().slice(this.handled);
      if (events.length === 0) return;
      this.handled += events.length;
      await Promise.all(events.map((event) => this.hand(event)));
    }
  }

  /** A host, enrolled and started. */
  async withHost(hostId = HOST.id, number = 1, resources: Partial<Inventory> = {}): Promise<void> {
    const target = streamRef('host', hostId);
    const data = { hostId, name: `host-${String(number)}`, number, availabilityZone: 'nova' };
    await this.execute(target, { type: 'EnrolHost', data });
    const inventory = inventoryOf(resources);
    await this.execute(target, { type: 'RecordAgentStarted', data: { bootId: BOOT, inventory } });
  }

  /** A server on the host whose job was sent. Answers the job. */
  async withLaunch(): Promise<HostJob<'ensure-instance'>> {
    await this.execute(INSTANCE, { type: 'LaunchInstance', data: launchOf() });
    await this.follow();
    const message = hostMessage(this.sent.at(-1)?.message);
    if (message?.kind !== 'ensure-instance') throw new Error('no job was sent');
    return message;
  }

  private async hand(event: RecordedEvent): Promise<void> {
    this.executor.observe(event);
    await this.runner.handle(event);
  }
}
