import { aggregateOf, type AnyAggregate, isPlacementRequest } from '../index';
import { deriveId } from '../ids';
import type { InstanceFacts } from '../instance';
import { type Message, streamName, type StreamRef } from '../kernel/aggregate';
import type { Effect, JobEffect, Refusal } from '../kernel/effect';
import { DomainError } from '../kernel/errors';
import { after } from './given';

interface Stream {
  readonly ref: StreamRef;
  readonly aggregate: AnyAggregate;
  state: unknown;
  /** Ids of commands that wrote events. As in the runtime, a repeated command does nothing. */
  readonly known: Set<string>;
}

/** How an effect goes: it is done, refused or expires; or it is done and its answer lost, so that it is done again. */
export type Fate = 'done' | 'refused' | 'expired' | 'lost' | 'refused-for-good';

export interface Owed {
  readonly owner: StreamRef;
  readonly effect: Effect;
}

/**
 * A cloud of nothing but deciders. Time passes and effects end as the caller says; an outcome that its owner refuses is an
 * error, since the runtime could never settle it.
 */
export class SmallCloud {
  /** Ids of servers that were asked for at once. */
  readonly requests: (readonly string[])[] = [];
  private readonly streams = new Map<string, Stream>();
  private late: { readonly owner: StreamRef; readonly outcome: Message; readonly id: string }[] = [];
  private seconds = 0;

  constructor(private readonly hosts: readonly { readonly hostId: string; readonly hostName: string }[]) {}

  get now(): string {
    return after(this.seconds);
  }

  pass(seconds: number): void {
    this.seconds += seconds;
  }

  state(ref: StreamRef): unknown {
    return this.stream(ref).state;
  }

  /** @returns the answer, or the refusal. */
  tell(ref: StreamRef, command: Message, commandId: string): unknown {
    const stream = this.stream(ref);
    const { aggregate, known } = stream;
    const context = { commandId, at: this.now };
    if (known.has(commandId)) return aggregate.answer?.(command, stream.state);
    try {
      for (const event of aggregate.decide(command, stream.state, context)) {
        known.add(commandId);
        const read = JSON.parse(JSON.stringify(event)) as Message;
        stream.state = aggregate.evolve(stream.state, read, context);
      }
      return aggregate.answer?.(command, stream.state);
    } catch (error) {
      if (error instanceof DomainError) return error;
      throw error;
    }
  }

  /** All effects that are due now, in the order in which the streams began. */
  get owed(): readonly Owed[] {
    return this.owedAt(this.now);
  }

  /** All effects, due now or later. */
  get owedEver(): readonly Owed[] {
    return this.owedAt('9999');
  }

  private owedAt(now: string): readonly Owed[] {
    return [...this.streams.values()].flatMap(({ ref, aggregate, state }) =>
      (aggregate.due?.(state) ?? [])
        .filter(({ notBefore = '' }) => notBefore <= now)
        .map((effect) => ({ owner: ref, effect })),
    );
  }

  carryOut({ owner, effect }: Owed, fate: Fate): void {
    const answer = { owner, outcome: this.outcomeOf(effect, fate), id: deriveId(effect.id, 'outcome') };
    if (fate === 'lost') this.late.push(answer);
    else this.take(answer);
  }

  /** Lost answers come after all. */
  answerLate(): void {
    const { late } = this;
    this.late = [];
    for (const answer of late) this.take(answer);
  }

  private take({ owner, outcome, id }: (typeof this.late)[number]): void {
    const told = this.tell(owner, outcome, id);
    if (told instanceof DomainError) throw new Error(`${streamName(owner)} refused ${outcome.type}: ${told.message}`);
  }

  private outcomeOf(effect: Effect, fate: Fate): Message {
    const late = effect.dueBy !== undefined && effect.dueBy <= this.now;
    if (effect.onExpired !== undefined && (late || fate === 'expired')) return effect.onExpired;
    if (effect.kind === 'command') return this.commanded(effect);
    const bad = fate === 'refused' || fate === 'refused-for-good' ? refusal(fate) : undefined;
    if (bad !== undefined) return effect.onRefused(bad);
    if (effect.kind === 'job') return effect.onDone(factsOf(effect), null);
    const host = this.hosts.find(
      ({ hostId }) => isPlacementRequest(effect.request) && !effect.request.excludedHosts.includes(hostId),
    );
    return host === undefined ? effect.onRefused(refusal('refused')) : effect.onDone(host);
  }

  /** Whether it is done or refused is for the other stream to say. */
  private commanded(effect: Extract<Effect, { kind: 'command' }>): Message {
    const told = this.tell(effect.target, effect.command, effect.id);
    return told instanceof DomainError
      ? effect.onRefused({ code: told.code, message: told.message, permanent: false })
      : effect.onDone(told);
  }

  private stream(ref: StreamRef): Stream {
    const name = streamName(ref);
    const found = this.streams.get(name);
    if (found !== undefined) return found;
    const aggregate = aggregateOf(ref.category);
    if (aggregate === undefined) throw new Error(`no aggregate ${ref.category}`);
    const stream = { ref, aggregate, state: aggregate.initial, known: new Set<string>() };
    this.streams.set(name, stream);
    return stream;
  }
}

const FACTS: InstanceFacts = { power: 'running', timings: {} };

/** A host that is told what a stream says answers which version it has. */
const factsOf = ({ job }: JobEffect): object => ('version' in job.payload ? { version: job.payload.version } : FACTS);

const refusal = (fate: 'refused' | 'refused-for-good'): Refusal => ({
  code: 'disk.failed',
  message: 'It broke.',
  permanent: fate === 'refused-for-good',
});
