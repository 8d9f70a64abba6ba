import { createHmac } from 'node:crypto';

import {
  aggregateOf,
  type Category,
  deriveId,
  DomainError,
  type Effect,
  effectName,
  type InstanceFacts,
  type JobStep,
  later,
  type Message,
  type Restarted,
  type StateOf,
  type StreamOf,
  streamName,
  type StreamRef,
} from '@cairn/domain';
import { MemoryEventStore, type RecordedEvent } from '@cairn/event-store';

import { outcomeId, systemContext } from '../../apps/controller/src/runtime/context';
import { EffectRunner } from '../../apps/controller/src/runtime/effect-runner';
import { CommandExecutor } from '../../apps/controller/src/runtime/execute';
import type { Actor, CommandContext } from '../../apps/controller/src/runtime/ports';
import { Snapshots } from '../../apps/controller/src/runtime/snapshots';

export type Host = { readonly hostId: string; readonly hostName: string };

/** How a job ends on its host. */
export type JobOutcome =
  | InstanceFacts
  | Required<Pick<InstanceFacts, 'timings' | 'imageCached'>>
  | { readonly timings: InstanceFacts['timings']; readonly version: number }
  | Pick<InstanceFacts, 'timings'>
  | { readonly code: string; readonly message: string; readonly permanent: boolean };

/**
 * Where stories are played: the real executor on a log in memory and a clock that moves by one second with each command.
 * Nothing happens by itself: the story says which effect is carried out when, and how it ends. Every id follows from the
 * story's name, so that the same story writes the same history.
 */
export class Stage {
  private now = '2026-11-22T12:00:00.000Z';
  private commands = 0;
  private readonly store = new MemoryEventStore(() => this.now);
  private readonly clock = { now: (): string => this.now, sleep: (): Promise<void> => Promise.resolve() };
  private readonly executor = new CommandExecutor({
    store: this.store,
    clock: this.clock,
    snapshots: new Snapshots(this.store, () => undefined),
    commandHash: (canonical) => createHmac('sha256', 'golden').update(canonical).digest('hex'),
  });
  private choice: Host | undefined;
  private readonly runner = new EffectRunner(
    this.executor,
    { add: () => Promise.resolve() },
    { place: () => this.place() },
    this.clock,
  );

  constructor(private readonly story: string) {}

  /** An id of this story. */
  readonly id = (name: string): string => deriveId('golden', this.story, name);

  /** That many seconds from now. */
  readonly in = (seconds: number): string => later(this.now, seconds * 1000);

  pass(seconds: number): void {
    this.now = this.in(seconds);
  }

  /** A command of a tenant or an operator; the refusal's code when it is refused. */
  async ask(target: StreamRef, command: Message, api = 'compute'): Promise<string | undefined> {
    this.pass(1);
    this.commands += 1;
    const commandId = this.id(`command/${String(this.commands)}`);
    const context: CommandContext = {
      commandId,
      actor: this.actor,
      api,
      requestId: `req-${this.id(`request/${String(this.commands)}`)}`,
      clientAddress: '192.0.2.7',
      caller: { projectId: this.actor.projectId, isAdmin: false },
      correlationId: commandId,
      causationId: commandId,
      deadline: this.in(30),
    };
    return this.refusalOf(this.executor.carry(target, command, context));
  }

  /** Carries out what `owner` owes by that name; the scheduler then picks `host`, or none. */
  async carryOut(owner: StreamRef, name: string, host?: Host): Promise<void> {
    const { effect, cause } = await this.owed(owner, name);
    this.choice = host;
    await this.runner.run(owner, effect, cause);
  }

  /** What a stream is now. */
  state<C extends Category>(target: StreamOf<C>): Promise<StateOf<C>> {
    return this.executor.state(target);
  }

  /** The host's answer to a job that `owner` owes; the host may have restarted since it did it. */
  async answer(owner: StreamRef, job: string, outcome: JobOutcome, restarted: Restarted | null = null): Promise<void> {
    const { effect, cause } = await this.owed(owner, job);
    if (effect.kind !== 'job') throw new Error(`${job} is no job`);
    const command = 'code' in outcome ? effect.onRefused(outcome) : effect.onDone(outcome, restarted);
    await this.executor.carry(owner, command, systemContext('relay', outcomeId(effect.id), cause, this.clock));
  }

  /** The host tells how far it is with a job that `owner` owes. */
  async progress(owner: StreamRef, job: string, step: JobStep): Promise<void> {
    const { effect } = await this.owed(owner, job);
    const told = effect.kind === 'job' ? effect.onTold?.(step) : undefined;
    if (told === undefined) throw new Error(`nobody wants to know how far ${job} is`);
    await this.tell(owner, told);
  }

  /** The time of what `owner` owes by that name is over. */
  async expire(owner: StreamRef, name: string): Promise<void> {
    const { effect, cause } = await this.owed(owner, name);
    if (effect.dueBy === undefined || effect.onExpired === undefined) throw new Error(`${name} has no end`);
    this.now = effect.dueBy;
    await this.runner.expire(owner, effect, effect.onExpired, cause);
  }

  /** Carries out all commands that `owner` owes, one after the other, until none is left. */
  async carryOutAll(owner: StreamRef): Promise<void> {
    for (;;) {
      const { state } = await this.executor.folded(owner);
      const next = aggregateOf(owner.category)
        ?.due?.(state)
        .find(({ kind }) => kind === 'command');
      if (next === undefined) return;
      await this.carryOut(owner, effectName(next));
    }
  }

  /** A command that Cairn gives itself. */
  async tell(target: StreamRef, command: Message, api = 'relay'): Promise<string | undefined> {
    this.pass(1);
    this.commands += 1;
    const cause = { eventId: '', correlationId: '', requestId: '' };
    const context = systemContext(api, this.id(`command/${String(this.commands)}`), cause, this.clock);
    return this.refusalOf(this.executor.carry(target, command, context));
  }

  /** All events so far, in the order of the log. */
  async log(): Promise<readonly RecordedEvent[]> {
    const events: RecordedEvent[] = [];
    const ended = new AbortController();
    for await (const message of this.store.subscribe(undefined, ended.signal)) {
      if (message.kind === 'event') events.push(message.event);
      if (message.kind === 'caught-up') break;
    }
    ended.abort();
    return events;
  }

  private get actor(): Actor {
    return { userId: this.id('user'), projectId: this.id('project'), domainId: 'default', roles: ['member'] };
  }

  private async owed(owner: StreamRef, name: string): Promise<{ effect: Effect; cause: CauseOf }> {
    this.pass(1);
    const { state, cause } = await this.executor.folded(owner);
    const effects = aggregateOf(owner.category)?.due?.(state) ?? [];
    const effect = effects.find((one) => effectName(one) === name);
    if (effect === undefined)
      throw new Error(`${streamName(owner)} does not owe ${name}, but ${effects.map(effectName).join(', ')}`);
    return { effect, cause };
  }

  private place(): Promise<Host> {
    if (this.choice !== undefined) return Promise.resolve(this.choice);
    const message = 'No valid host was found. There are not enough hosts available.';
    return Promise.reject(new DomainError('capacity', 'scheduler.no-valid-host', message));
  }

  private async refusalOf(executed: Promise<unknown>): Promise<string | undefined> {
    try {
      await executed;
      return undefined;
    } catch (error) {
      if (error instanceof DomainError) return error.code;
      throw error;
    }
  }
}

type CauseOf = Awaited<ReturnType<CommandExecutor['folded']>>['cause'];
