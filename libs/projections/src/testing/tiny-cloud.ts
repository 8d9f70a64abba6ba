import {
  aggregateOf,
  type Context,
  deriveId,
  DomainError,
  type Effect,
  type InstanceSpec,
  type Instant,
  type Message,
  streamName,
  type StreamRef,
} from '@cairn/domain';
import type { RecordedEvent } from '@cairn/event-store';

interface Stream {
  readonly ref: StreamRef;
  state: unknown;
  revision: bigint;
}

/** Where the choices come from: a whole number from 0 to below `n`. */
export type Choose = (n: number) => number;

/** Positions grow by more than one, so that nobody learns to compute with them. */
const STRIDE = 64n;

const FAR = '2100-01-01T00:00:00.000Z';

/**
 * A cloud of nothing but Cairn's real deciders and a log in memory. What is due is carried out one effect at a time,
 * when and with what outcome `choose` says. Its histories are what projections must be able to fold.
 */
export class TinyCloud {
  readonly log: RecordedEvent[] = [];
  private readonly streams = new Map<string, Stream>();
  private commands = 0;

  constructor(private readonly choose: Choose) {}

  /** Decides and records; what the aggregate answers, or the refusal. */
  execute(ref: StreamRef, command: Message): { readonly answer: unknown } | DomainError {
    const aggregate = aggregateOf(ref.category);
    if (aggregate === undefined) throw new Error(`no aggregate ${ref.category}`);
    const stream = this.stream(ref);
    this.commands += 1;
    const context: Context = { commandId: deriveId('tiny', this.commands), at: this.now() };
    try {
      for (const event of aggregate.decide(command, stream.state, context)) {
        stream.state = aggregate.evolve(stream.state, event, context);
        this.record(stream, event, context);
      }
      return { answer: aggregate.answer?.(command, stream.state) };
    } catch (error) {
      if (error instanceof DomainError) return error;
      throw error;
    }
  }

  /** Ids of the streams of a category that have begun. */
  ids(category: string): readonly string[] {
    return [...this.streams.values()].filter(({ ref }) => ref.category === category).map(({ ref }) => ref.id);
  }

  /** The state that the deciders have folded. */
  state(ref: StreamRef): unknown {
    return this.stream(ref).state;
  }

  /** Carries out one effect that is due somewhere; false when none is. */
  settleOne(): boolean {
    const due = [...this.streams.values()].flatMap((stream) =>
      (aggregateOf(stream.ref.category)?.due?.(stream.state) ?? []).map((effect) => ({ owner: stream.ref, effect })),
    );
    const next = due[this.choose(due.length)];
    if (next === undefined) return false;
    this.execute(next.owner, this.outcome(next.effect));
    return true;
  }

  /** Carries out what one stream owes until it owes nothing. */
  settle(owner: StreamRef): void {
    const due = (): Effect | undefined => aggregateOf(owner.category)?.due?.(this.stream(owner).state)[0];
    for (let effect = due(); effect !== undefined; effect = due()) this.execute(owner, this.outcome(effect));
  }

  private outcome(effect: Effect): Message {
    const refusal = { code: 'tiny.failed', message: 'It was to fail.', permanent: this.choose(2) === 0 };
    if (effect.onExpired !== undefined && this.choose(60) === 1) return effect.onExpired;
    switch (effect.kind) {
      case 'command': {
        const result = this.execute(effect.target, effect.command);
        return result instanceof DomainError
          ? effect.onRefused({ code: result.code, message: result.message, permanent: true })
          : effect.onDone(result.answer);
      }
      case 'place': {
        const hosts = this.ids('host');
        const hostId = hosts[this.choose(hosts.length)];
        return hostId === undefined || this.choose(30) === 1
          ? effect.onRefused(refusal)
          : effect.onDone({ hostId, hostName: `host-${hostId.slice(0, 4)}` });
      }
      case 'job': {
        if (this.choose(6) === 1) return effect.onRefused(refusal);
        const { spec } = effect.job.payload as { readonly spec?: InstanceSpec };
        const restarted = this.choose(8) === 1 ? { bootId: 'boot-later', notAfter: FAR } : null;
        return effect.onDone({ power: spec?.power ?? 'absent', timings: { start: 5 } }, restarted);
      }
    }
  }

  /** A second later with each event. */
  private now(): Instant {
    return new Date(Date.UTC(2026, 0, 1) + this.log.length * 1_000).toISOString();
  }

  private stream(ref: StreamRef): Stream {
    const name = streamName(ref);
    const known = this.streams.get(name);
    if (known !== undefined) return known;
    const stream: Stream = { ref, state: aggregateOf(ref.category)?.initial, revision: -1n };
    this.streams.set(name, stream);
    return stream;
  }

  private record(stream: Stream, event: Message, { commandId, at }: Context): void {
    stream.revision += 1n;
    const name = streamName(stream.ref);
    this.log.push({
      id: deriveId(commandId, name, String(stream.revision)),
      type: event.type,
      data: structuredClone(event.data) as Readonly<Record<string, unknown>>,
      metadata: { at, commandId },
      stream: name,
      revision: stream.revision,
      position: BigInt(this.log.length + 1) * STRIDE,
      created: at,
    });
  }
}
