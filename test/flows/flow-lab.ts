import {
  DomainError,
  type Effect,
  effectName,
  type Message,
  parseStream,
  type StreamRef,
  type Category,
  type StateOf,
  type StreamOf,
} from '@cairn/domain';
import { MemoryEventStore, type RecordedEvent } from '@cairn/event-store';
import type { SentMessage } from '@cairn/host-protocol';

import { silentLog } from '../../apps/agent/src/ports/log.port';
import { EffectRunner } from '../../apps/controller/src/runtime/effect-runner';
import { CommandExecutor } from '../../apps/controller/src/runtime/execute';
import {
  type CommandContext,
  type Executed,
  type Executor,
  type CommandCarrier,
  SYSTEM,
} from '../../apps/controller/src/runtime/ports';
import { ResultRelay } from '../../apps/controller/src/runtime/result-relay';
import { type Cause, Snapshots } from '../../apps/controller/src/runtime/snapshots';
import { Scheduler } from '../../apps/controller/src/scheduler/scheduler';

import { enrolled, network } from '../../libs/domain/src/testing/model';
import { hostDoor } from '../sim/host-door';
import { VirtualTime } from '../sim/clock';
import { Auditor } from '../sim/invariants/auditor';
import { checkSettled, mayWait } from '../sim/invariants/settled';
import { Trace } from '../sim/trace';
import { FlowHost } from './flow-host';
import type { Treatment } from './treatment';

export interface Owed {
  readonly stream: string;
  readonly effect: Effect;
}

const MOST_STEPS = 200;
const HOSTS = ['host-a', 'host-b'];

export const nameOf = ({ effect }: Owed): string => effectName(effect);

/** A cloud without time, queue or crashes of its own: effects are carried out one by one, as the test says. */
export class FlowLab {
  readonly auditor: Auditor;
  /** The effects that were carried out, in order. */
  readonly done: Owed[] = [];
  /** Every effect is carried out by a controller that remembers nothing. */
  forgetful = false;
  private readonly time = new VirtualTime();
  private readonly store = new MemoryEventStore(() => this.time.iso);
  private readonly hosts: FlowHost[] = [];
  private readonly clock = {
    now: (): string => this.time.iso,
    sleep: (ms: number): Promise<void> => this.time.pass(ms),
  };
  private readonly hostClock = {
    now: (): number => this.time.now,
    sleep: (ms: number): Promise<void> => this.time.pass(ms),
  };
  private executor: CommandExecutor;
  private relay: ResultRelay;
  /** Of the controller that is there when a host calls. */
  private readonly anyExecutor: Pick<Executor, 'execute' | 'state' | 'latest'> = {
    execute: (target, command, context) => this.executor.execute(target, command, context),
    state: (target) => this.executor.state(target),
    latest: (target) => this.executor.latest(target),
  };
  private audited = 0;
  private relayed = 0;
  private commands = 0;

  constructor() {
    this.auditor = new Auditor(new Trace(this.time));
    [this.executor, this.relay] = this.controller();
  }

  /** Hosts, a network and a quota. */
  async furnish(): Promise<void> {
    for (const [i, name] of HOSTS.entries()) {
      const hostId = uuid(0xa0 + i);
      const { target, command } = enrolled({ hostId, name, number: i + 1 });
      await this.send(target, command);
      const host = new FlowHost(
        name,
        hostId,
        this.store,
        this.hostClock,
        hostDoor(hostId, this.anyExecutor, this.clock),
      );
      this.hosts.push(host);
      await host.start();
    }
    await this.relayResults();
    const { target, command } = network({ networkId: NETWORK, cidr: '10.0.0.0/28', segment: { type: 'vxlan', id: 7 } });
    await this.send(target, command);
  }

  /** A command of a tenant. @returns its answer, or the code of its refusal. */
  async send(target: StreamRef, command: Message): Promise<string | Executed> {
    this.commands += 1;
    const commandId = uuid(0xc000 + this.commands);
    try {
      const executed = await this.executor.carry(target, command, this.context(commandId));
      this.audit();
      return executed;
    } catch (error) {
      if (error instanceof DomainError) return error.code;
      throw error;
    }
  }

  get machines(): readonly { readonly hostId: string }[] {
    return this.hosts;
  }

  /** The executor of another controller, which remembers nothing. */
  rival(): CommandExecutor {
    return this.controller()[0];
  }

  get log(): readonly RecordedEvent[] {
    return this.store.all();
  }

  later(ms: number): string {
    return new Date(this.time.now + ms).toISOString();
  }

  state<C extends Category>(target: StreamOf<C>): Promise<StateOf<C>> {
    return this.executor.state(target);
  }

  /** The host loses power, then its agent starts. */
  async powerCycle(): Promise<void> {
    for (const host of this.hosts) await host.powerCycle();
    await this.relayResults();
  }

  /**
   * Carries out what is owed until nothing is, passing time where nothing is ready.
   * @param treat says what is done to the n-th effect, from 1; nothing special unless it says so.
   * @param until when to stop earlier.
   */
  async settle(
    treat: (owed: Owed, n: number) => Treatment | undefined = () => undefined,
    until: (owed: readonly Owed[]) => boolean = (owed) => owed.every((one) => mayWait(one, this.time.iso)),
  ): Promise<void> {
    let n = 0;
    for (let step = 1; step <= MOST_STEPS; step += 1) {
      const owed = this.auditor.owed();
      if (until(owed)) return;
      const ready = owed.find(({ effect }) => (effect.notBefore ?? '') <= this.time.iso);
      if (ready === undefined) {
        const soonest = owed.map(({ effect }) => effect.notBefore ?? '').sort()[0] ?? '';
        await this.passUntil(soonest);
        continue;
      }
      n += 1;
      this.done.push(ready);
      await this.carryOut(ready, treat(ready, n));
      await this.time.pass(100);
    }
    throw new Error(`still owed after ${String(MOST_STEPS)} effects: ${this.auditor.owed().map(nameOf).join(' ')}`);
  }

  /** What does not hold; nothing when all is well. */
  violations(): readonly string[] {
    checkSettled(this.auditor, this.hosts, { now: this.time.iso });
    this.auditor.hostChanged(this.hosts);
    return this.auditor.violations;
  }

  private async carryOut(owed: Owed, treatment: Treatment | undefined): Promise<void> {
    if (this.forgetful) [this.executor, this.relay] = this.controller();
    const { effect, stream } = owed;
    const owner = parseStream(stream) as StreamRef;
    const { cause } = await this.executor.folded(owner);
    const job = effect.kind === 'job';
    if (job && (treatment === 'refused' || treatment === 'impossible')) this.trouble(treatment);
    if (treatment === 'expired-late') await this.attempt(owner, effect, cause, 'error-after');
    if (treatment === 'expired' || treatment === 'expired-late') await this.passUntil(effect.dueBy ?? '');
    const times = treatment === 'twice' ? 2 : 1;
    for (let i = 0; i < times; i += 1) await this.attempt(owner, effect, cause, treatment);
    this.trouble(undefined);
    await this.relayResults();
  }

  /** As the process runner does it: an expired effect is not tried any more. */
  private async attempt(
    owner: StreamRef,
    effect: Effect,
    cause: Cause,
    treatment: Treatment | undefined,
  ): Promise<void> {
    const runner = this.runner(effect, treatment);
    const { dueBy, onExpired } = effect;
    if (dueBy !== undefined && onExpired !== undefined && dueBy <= this.time.iso) {
      await runner.expire(owner, effect, onExpired, cause);
    } else {
      await runner.run(owner, effect, cause).catch((error: unknown) => {
        if (!(error instanceof Sabotage)) throw error;
      });
    }
    this.audit();
  }

  passUntil(moment: string): Promise<void> {
    return this.time.pass(Math.max(0, Date.parse(moment) - this.time.now));
  }

  private trouble(kind: FlowHost['trouble']): void {
    for (const host of this.hosts) host.trouble = kind;
  }

  /** The real runner of effects, whose doors to the world do what the treatment says. */
  private runner(effect: Effect, treatment: Treatment | undefined): EffectRunner {
    const { executor, clock } = this;
    const sabotaged = async <T>(work: () => Promise<T>): Promise<T> => {
      if (treatment === 'error-before') throw new Sabotage();
      if (treatment === 'refused' && effect.kind !== 'job') {
        throw new DomainError('capacity', 'test.refused', 'No, for once.');
      }
      const answer = await work();
      if (treatment === 'error-after') throw new Sabotage();
      return answer;
    };
    const doors: CommandCarrier = {
      carry: (target, command, context) =>
        context.commandId === effect.id
          ? sabotaged(() => executor.carry(target, command, context))
          : executor.carry(target, command, context),
    };
    const roster = { hostIds: () => Promise.resolve(this.hosts.map(({ hostId }) => hostId)) };
    const scheduler = new Scheduler(roster, executor, clock);
    const placer = { place: (request: object) => sabotaged(() => scheduler.place(request)) };
    const queue = {
      add: (hostId: string, _id: string, message: SentMessage) => sabotaged(() => this.give(hostId, message)),
    };
    return new EffectRunner(doors, queue, placer, clock);
  }

  private async give(hostId: string, sent: SentMessage): Promise<void> {
    await this.hosts.find((host) => host.hostId === hostId)?.take(sent);
  }

  private controller(): [CommandExecutor, ResultRelay] {
    const { store, clock } = this;
    const snapshots = new Snapshots(store, () => undefined);
    const executor = new CommandExecutor({ store, clock, snapshots, commandHash: (canonical) => canonical });
    return [executor, new ResultRelay(store, executor, clock, silentLog)];
  }

  private async relayResults(): Promise<void> {
    this.audit();
    for (let events = this.news(); events.length > 0; events = this.news()) {
      for (const event of events) await this.relay.handle(event);
      this.audit();
    }
  }

  private news(): readonly RecordedEvent[] {
    const events = this.store.all().slice(this.relayed);
    this.relayed += events.length;
    return events;
  }

  audit(): void {
    const events = this.store.all().slice(this.audited);
    this.audited += events.length;
    for (const event of events) this.auditor.committed(event);
  }

  context(commandId: string): CommandContext {
    return {
      commandId,
      actor: SYSTEM,
      api: 'compute',
      requestId: 'req-flow',
      clientAddress: null,
      correlationId: commandId,
      causationId: commandId,
      deadline: this.later(30_000),
    };
  }
}

/** An error that nobody has thought of. */
class Sabotage extends Error {}

export const uuid = (n: number): string => `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;

export const NETWORK = uuid(0x100);
