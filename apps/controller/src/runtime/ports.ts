import type { Asker, Answer, Category, CommandOf, Instant, Message, StateOf, StreamOf, StreamRef } from '@cairn/domain';
import type { NewEvent, Position } from '@cairn/event-store';
import type { SentMessage } from '@cairn/host-protocol';

/** The only source of time, so that the simulation can control it. */
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

/** The effect that a command carries out, or whose outcome it records. */
export interface OfEffect {
  readonly owner: StreamRef;
  readonly id: string;
  /** The command goes to the owner and says how the effect ended. */
  readonly outcome: boolean;
}

/** Everything about a command that is not its content; becomes the metadata of its events. */
export interface CommandContext {
  /** UUID. Commands with one id are one command: the second changes nothing. */
  readonly commandId: string;
  readonly actor: Actor;
  /** Which API or part of Cairn, such as `compute`, `identity`, `image`, `console`, `metadata`, `process`, `relay`, `cli`. */
  readonly api: string;
  /** `req-<uuid>`; for people and logs only, never for idempotency. */
  readonly requestId: string;
  readonly clientAddress: string | null;
  /** The first command of the chain that led here. */
  readonly correlationId: string;
  /** Id of the event or command that caused this one. */
  readonly causationId: string;
  /** HMAC of the command in plain text, when it holds secrets; otherwise the executor computes it. */
  readonly commandHash?: string;
  /** The caller, for rules of an aggregate that depend on it. */
  readonly caller?: Asker;
  /** Of a request with an idempotency key: the key's id, and everything that the request asks for. See `RequestKeys`. */
  readonly keyed?: { readonly id: string; readonly asked: object };
  /** The command's id is new: nobody can have sent it before, or created streams whose ids derive from it. */
  readonly unheard?: boolean;
  /** The command cannot have been carried out at or before this position. Absent: not known. */
  readonly after?: Position;
  /** The effect that this command is a part of. */
  readonly effect?: OfEffect;
  /** The command probably creates its stream, so the mailbox does not read the stream first; the append checks that. */
  readonly first?: boolean;
  /** When to give up retrying, as Date.parse milliseconds compare with the clock. */
  readonly deadline: Instant;
  /** When to give up where the log takes no writes: of a request, whose caller is to be told soon. */
  readonly logBy?: Instant;
}

/** @template A the command's answer */
export interface Executed<A = unknown> {
  /** Position of the stream's last event after the command. Wait for it to read your own write. */
  readonly position: Position;
  /** The aggregate's answer after the command. */
  readonly answer: A;
  /** The events that this command appended; empty for a repeat or where nothing changed. */
  readonly events: readonly NewEvent[];
}

export interface Executor {
  /**
   * Decides and appends, and retries conflicts and unknown outcomes with the same ids until the deadline.
   * @throws DomainError if the aggregate refuses the command; `unavailable` if the deadline passes first.
   */
  execute<C extends Category, M extends CommandOf<C>>(
    target: StreamOf<C>,
    command: M,
    context: CommandContext,
  ): Promise<Executed<Answer<C, M['type']>>>;
  /** The state of one aggregate, folded from the log (cached). For show-by-id while the read model lags. */
  state<C extends Category>(target: StreamOf<C>): Promise<StateOf<C>>;
  /** The same, read from the log again, for callers that must not miss another controller's last write. */
  latest<C extends Category>(target: StreamOf<C>): Promise<StateOf<C>>;
}

/** The executor for code that carries commands from one stream to another without knowing their types. */
export interface CommandCarrier {
  /** Like `Executor.execute`, for a target and a command that come from the log. */
  carry(target: StreamRef, command: Message, context: CommandContext): Promise<Executed>;
}

/** Sends messages to the agents. Only `dispatcher.ts` implements it with BullMQ. */
export interface HostQueue {
  /** Adds a message to a host's queue; the same id twice is one job while the first is still stored. */
  add(hostId: string, id: string, message: SentMessage): Promise<void>;
}

/** Which hosts' agents are alive, by the keys they keep in Redis. */
export interface Liveness {
  /**
   * Boot ids of the live hosts' agents, by host id.
   * @throws if Redis does not answer: then nothing is known.
   */
  alive(hostIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
}
