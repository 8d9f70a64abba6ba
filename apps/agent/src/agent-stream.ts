import {
  type EventStore,
  type ExpectedRevision,
  linkOf,
  type NewEvent,
  OutcomeUnknown,
  streamHash,
  WrongRevision,
} from '@cairn/event-store';
import { type AgentEvent, agentStream } from '@cairn/host-protocol';

import { backOff, type Clock } from './ports/clock.port';
import type { Log } from './ports/log.port';

/** An event of the agent with what its metadata says. */
export interface AgentRecord {
  readonly id: string;
  /** When it came to be, ISO 8601: for an outcome, when it was fixed. */
  readonly at: string;
  /** The effect (or the start of the agent) that it is an outcome of. */
  readonly commandId: string;
  readonly correlationId: string;
  readonly event: AgentEvent;
}

interface Waiting {
  readonly record: AgentRecord;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

interface Tail {
  readonly expected: ExpectedRevision;
  /** Hash-chain link of the last event. */
  readonly link: string;
}

const MOST_PER_APPEND = 128;

export interface AgentStreamParts {
  readonly store: EventStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly hostId: string;
  readonly bootId: string;
}

/**
 * The only writer of `agent-<host id>`. Appends go one after the other with the expected revision; what comes while one
 * is under way shares the next. An append whose outcome is unknown is tried again with the same ids for ever.
 */
export class AgentStream {
  private readonly stream: string;
  private waiting: Waiting[] = [];
  private busy = false;
  private tail: Tail | undefined;

  constructor(private readonly parts: AgentStreamParts) {
    this.stream = agentStream(parts.hostId);
  }

  /** Resolves when the event is durable in the log. @throws StoreRefused when the log will never take it. */
  append(record: AgentRecord): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ record, resolve, reject });
      if (!this.busy) void this.drain();
    });
  }

  private async drain(): Promise<void> {
    this.busy = true;
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, MOST_PER_APPEND);
      try {
        await this.appendBatch(batch);
      } catch (error) {
        this.tail = undefined;
        for (const { reject } of batch) reject(error);
      }
    }
    this.busy = false;
  }

  private async appendBatch(batch: readonly Waiting[]): Promise<void> {
    let left = batch;
    for (let attempt = 0; left.length > 0; attempt += 1) {
      const tail = this.tail ?? (await this.readTail());
      const events = this.chained(left, tail.link);
      try {
        const { revision } = await this.parts.store.append(this.stream, tail.expected, events);
        this.tail = { expected: revision, link: linkOf(events.at(-1)) };
        for (const { resolve } of left) resolve();
        return;
      } catch (error) {
        if (error instanceof WrongRevision) left = await this.afterConflict(left, tail);
        else if (!(error instanceof OutcomeUnknown)) throw error;
        await this.pause(attempt, error);
      }
    }
  }

  /** Somebody else wrote (an agent of this host that was thought dead), or an earlier try of ours got through after all. */
  private async afterConflict(batch: readonly Waiting[], { expected }: Tail): Promise<readonly Waiting[]> {
    const appended = new Set<string>();
    const from = expected === 'no-stream' ? 0n : expected + 1n;
    await this.insistently(async () => {
      for await (const event of this.parts.store.read(this.stream, from)) appended.add(event.id);
    });
    this.tail = undefined;
    for (const { record, resolve } of batch) if (appended.has(record.id)) resolve();
    return batch.filter(({ record }) => !appended.has(record.id));
  }

  private async readTail(): Promise<Tail> {
    const last = await this.insistently(() => this.parts.store.last(this.stream));
    this.tail = { expected: last?.revision ?? 'no-stream', link: linkOf(last) };
    return this.tail;
  }

  private async insistently<T>(read: () => Promise<T>): Promise<T> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await read();
      } catch (error) {
        if (!(error instanceof OutcomeUnknown)) throw error;
        await this.pause(attempt, error);
      }
    }
  }

  private async pause(attempt: number, error: unknown): Promise<void> {
    this.parts.log.warn('event store: trying again', { stream: this.stream, attempt, error });
    await this.parts.clock.sleep(backOff(attempt));
  }

  private chained(batch: readonly Waiting[], link: string): readonly NewEvent[] {
    const { hostId, bootId } = this.parts;
    let previous = link;
    return batch.map(({ record: { id, at, commandId, correlationId, event } }) => {
      const said = {
        id,
        type: event.type,
        data: { ...event.data },
        metadata: { at, hostId, bootId, commandId, $correlationId: correlationId },
      };
      previous = streamHash(previous, said);
      return { ...said, metadata: { ...said.metadata, streamHash: previous } };
    });
  }
}
