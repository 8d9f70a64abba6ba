import type { Asker, Answer, Category, CommandOf, Instant, Message, StateOf, StreamOf, StreamRef } from '@cairn/domain';
import type { NewEvent, Position } from '@cairn/event-store';
import type { SentMessage } from '@cairn/host-protocol';

/** All time comes from here, so that the simulation can run it. */
export interface Clock {
  now(): Instant;
  /** Resolves after that long, or at once when the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Who acts: a tenant's user with a token, or a part of Cairn itself (`system`). */
export interface Actor {
  readonly userId: string;
  readonly projectId: string | null;
  readonly domainId: string | null;
  readonly roles: readonly string[];
}

export const SYSTEM: Actor = { userId: 'system', projectId: null, domainId: null, roles: ['system'] };

/** Everything about a command that is not its content; becomes the metadata of its events (RUNTIME.md, Audit). */
export interface CommandContext {
  /** UUID. The same id is the same command: doing it twice is doing it once. */
  readonly commandId: string;
  readonly actor: Actor;
  /** Which API or part of Cairn: `compute`, `identity`, `image`, `process`, `relay`, `cli`, `liveness`. */
  readonly api: string;
  /** `req-<uuid>`; for people and logs only, never for idempotency. */
  readonly requestId: string;
  readonly clientAddress: string | null;
  /** The first command of the chain that led here. */
  readonly correlationId: string;
  /** The event or command that caused this one. */
  readonly causationId: string;
  /** HMAC of the command in plain text, when it holds secrets; otherwise the executor computes it. */
  readonly commandHash?: string;
  /** Who asks, for rules of an aggregate that depend on it. */
  readonly caller?: Asker;
  /** The command's id was made just now: nobody can have sent it before, nor made streams whose ids follow from it. */
  readonly unheard?: boolean;
  /** It is expected to be the first of its stream, which is then not read before; the append proves it. */
  readonly first?: boolean;
  /** When to give up retrying, as Date.parse milliseconds compare with the clock. */
  readonly deadline: Instant;
}

/** @template A the command's answer */
export interface Executed<A = unknown> {
  /** Where the stream's last event stands in the log after the command. Wait for it to read your own write. */
  readonly position: Position;
  /** What the aggregate's `answer` says after the command. */
  readonly answer: A;
  /** The events that this command appended; empty for a repeat or where nothing changed. */
  readonly events: readonly NewEvent[];
}

export interface Executor {
  /**
   * Decides and appends, retrying conflicts and unknown outcomes with the same ids until the deadline.
   * @throws DomainError when the command is refused; `unavailable` when the deadline passes first.
   */
  execute<C extends Category, M extends CommandOf<C>>(
    target: StreamOf<C>,
    command: M,
    context: CommandContext,
  ): Promise<Executed<Answer<C, M['type']>>>;
  /** The state of one aggregate, folded from the log (cached). For show-by-id while the read model lags. */
  state<C extends Category>(target: StreamOf<C>): Promise<StateOf<C>>;
  /** The same, read from the log again: for callers who must not miss another controller's last write. */
  latest<C extends Category>(target: StreamOf<C>): Promise<StateOf<C>>;
}

/** The executor of those parts of the runtime that carry commands from one stream to another without knowing either. */
export interface CommandCarrier {
  /** Like `Executor.execute`, for a target and a command that come from the log. */
  carry(target: StreamRef, command: Message, context: CommandContext): Promise<Executed>;
}

/** The way to the agents. The only implementation that knows BullMQ is `dispatcher.ts`. */
export interface HostQueue {
  /** Adds a message to a host's queue; the same id twice is one job while the first is still stored. */
  add(hostId: string, id: string, message: SentMessage): Promise<void>;
}

/** Which hosts' agents are alive, by the keys they keep in Redis. */
export interface Liveness {
  /** Boot ids by host id, for those alive. @throws when Redis cannot be asked: then nothing is known. */
  alive(hostIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
}
