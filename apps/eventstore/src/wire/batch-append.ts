import type { ServerDuplexStream, handleBidiStreamingCall } from '@grpc/grpc-js';
import type { WriteOutcome } from '../log/commands';
import type { BatchOptions, BatchRequest } from './batch-request';
import { encodeBatchError, encodeBatchSuccess, type BatchTarget, type Refused, type Rejection } from './batch-response';
import type { Caller } from './access';
import type { WireContext } from './context';
import { TOO_MUCH, tooMany, unavailable, wireErrorOf, type WireError } from './errors';
import { FrameBatch } from './frames';
import type { BudgetAccount } from './memory-budget';
import { Proposal, streamNameOf, type Flaw } from './proposal';

/** Above this much payload waiting for its commit, the call is no longer read until some of it is answered. */
const MAX_IN_FLIGHT_BYTES = 16 * 1024 * 1024;
/** From an append's first chunk to its last, as upstream (WriteTimeoutMs). */
const WRITE_TIMEOUT_MS = 2_000;
/** Appends of one call whose last chunk has not come yet. */
const MAX_OPEN_APPENDS = 10_000;

/** An append whose chunks are still coming. */
interface Assembly {
  readonly target: BatchTarget;
  readonly proposal: Proposal;
  readonly deadlineMs: number;
  timer: NodeJS.Timeout | undefined;
  /** Bytes of the server's memory that it holds. */
  readonly account: BudgetAccount;
}

/**
 * Streams.BatchAppend: all appends of a client's channel over one long-lived stream. Each correlation id is answered
 * exactly once, because the client crashes on a second answer; a bad append never ends the stream, because the client
 * would fail every append in flight.
 */
export function batchAppendHandler(context: WireContext): handleBidiStreamingCall<BatchRequest, Buffer> {
  return (call) => {
    void new BatchCall(context, call).run();
  };
}

class BatchCall {
  private readonly open = new Map<string, Assembly>();
  private inFlight = 0;
  private inFlightBytes = 0;
  private ended = false;
  private readonly forget: () => void;
  private readonly answers = new FrameBatch((frames) => this.deliver(frames));

  constructor(
    private readonly context: WireContext,
    private readonly call: ServerDuplexStream<BatchRequest, Buffer>,
  ) {
    this.forget = context.calls.add(() => {
      this.answers.flush();
      this.fail(unavailable('the event store is shutting down'));
    });
  }

  async run(): Promise<void> {
    this.call.on('cancelled', () => {
      this.finish();
    });
    this.call.on('error', () => {
      this.finish();
    });
    try {
      this.read(await this.context.gate.admit(this.call));
    } catch (error) {
      if (!this.ended) this.fail(wireErrorOf('a batch of appends', error));
    }
  }

  private read(caller: Caller): void {
    this.call.on('data', (request: BatchRequest) => {
      try {
        if (!this.ended) this.take(request, caller);
      } catch (error) {
        this.fail(wireErrorOf('a batch of appends', error));
      }
    });
    this.call.on('end', () => {
      this.endWhenAnswered(true);
    });
  }

  private halfClosed = false;

  private endWhenAnswered(halfClosed = this.halfClosed): void {
    this.halfClosed = halfClosed;
    if (!halfClosed || this.ended || this.inFlight > 0) return;
    this.answers.flush();
    this.finish();
    this.call.end();
  }

  private finish(): void {
    this.ended = true;
    for (const assembly of this.open.values()) {
      clearTimeout(assembly.timer);
      assembly.account.close();
    }
    this.open.clear();
    this.forget();
  }

  /** Ends the whole call: every append that is in flight in it fails. */
  private fail(error: WireError): void {
    this.finish();
    this.call.emit('error', error);
  }

  /** Chunks of an append that was refused, or that never began, are dropped in silence, as upstream. */
  private take(request: BatchRequest, caller: Caller): void {
    const { correlationId = NO_ID, options } = request;
    const key = correlationId.toString('latin1');
    const known = correlationId === NO_ID ? undefined : this.open.get(key);
    const assembly = known ?? (options === undefined ? undefined : this.begin(key, correlationId, options, caller));
    if (assembly === undefined || this.ended) return;
    for (const event of request.events) {
      const flaw = assembly.proposal.add(event);
      if (flaw === undefined) continue;
      this.refuse(key, assembly, this.rejectionOf(flaw));
      return;
    }
    if (!assembly.account.grow(assembly.proposal.bytes))
      this.refuse(key, assembly, { kind: 'unavailable', reason: TOO_MUCH });
    else if (request.isFinal) this.complete(key, assembly);
    else if (known === undefined) assembly.timer = this.expireAt(key, assembly);
  }

  private rejectionOf(flaw: Flaw): Rejection {
    if (flaw.kind === 'too-large') return { kind: 'too-large', maxAppendSize: this.context.maxAppendSize };
    return bad(flaw.kind === 'invalid' ? flaw.why : 'the event has no type, or no content type');
  }

  /** @returns undefined when it was refused */
  private begin(key: string, correlationId: Buffer, options: BatchOptions, caller: Caller): Assembly | undefined {
    const { expectation, deadlineMs } = options;
    const sensible = typeof expectation === 'string' ? ANYTHING : expectation;
    const target: BatchTarget = { correlationId, stream: streamNameOf(options.stream) ?? '', ...sensible };
    const assembly: Assembly = {
      target,
      proposal: new Proposal(this.context.maxAppendSize),
      deadlineMs,
      account: this.context.budget.account(),
      timer: undefined,
    };
    this.open.set(key, assembly);
    if (this.open.size > MAX_OPEN_APPENDS) this.fail(tooMany('unfinished appends'));
    const rejection = objectionTo(target, options, caller);
    if (rejection === undefined) return assembly;
    this.refuse(key, assembly, rejection);
    return undefined;
  }

  /** The client sets no deadline on this call, so an append that never gets its last chunk must be ended here. */
  private expireAt(key: string, assembly: Assembly): NodeJS.Timeout {
    const delay = Math.min(Math.max(assembly.deadlineMs - Date.now(), 0), WRITE_TIMEOUT_MS);
    return setTimeout(() => {
      this.refuse(key, assembly, { kind: 'timeout' });
    }, delay);
  }

  private refuse(key: string, assembly: Assembly, rejection: Refused | Rejection): void {
    clearTimeout(assembly.timer);
    this.open.delete(key);
    assembly.account.close();
    this.context.onRefused();
    this.send(encodeBatchError(assembly.target, rejection));
  }

  private complete(key: string, assembly: Assembly): void {
    clearTimeout(assembly.timer);
    this.open.delete(key);
    const { target, proposal, deadlineMs } = assembly;
    const { stream, expected } = target;
    this.inFlight += 1;
    this.inFlightBytes += proposal.bytes;
    if (this.inFlightBytes > MAX_IN_FLIGHT_BYTES) this.call.pause();
    this.context.log.write({ kind: 'append', stream, expected, events: proposal.events, deadlineMs }, (outcome) => {
      assembly.account.close();
      this.settle(target, proposal.bytes, outcome);
    });
  }

  private settle(target: BatchTarget, bytes: number, outcome: WriteOutcome): void {
    this.inFlight -= 1;
    this.inFlightBytes -= bytes;
    if (this.ended) return;
    if (outcome.kind === 'done') this.send(encodeBatchSuccess(target, outcome.revision, outcome.position));
    else this.send(encodeBatchError(target, outcome));
    this.endWhenAnswered();
    if (!this.blocked && this.inFlightBytes <= MAX_IN_FLIGHT_BYTES && this.call.isPaused()) this.call.resume();
  }

  private blocked = false;

  private send(response: Buffer): void {
    if (!this.ended) this.answers.add(response);
  }

  /** A client that sends appends and reads no answers is not read either. */
  private deliver(frames: Buffer): boolean {
    if (this.ended || this.call.write(frames) || this.blocked) return true;
    this.blocked = true;
    this.call.pause();
    this.call.once('drain', () => {
      this.blocked = false;
      if (this.inFlightBytes <= MAX_IN_FLIGHT_BYTES) this.call.resume();
    });
    return false;
  }
}

const ANYTHING = { expected: 'any', revision: undefined } as const;
const NO_ID = Buffer.alloc(0);

/** Why an append is refused at its first chunk, in upstream's order. */
function objectionTo(
  { stream, correlationId }: BatchTarget,
  { expectation, deadlineMs }: BatchOptions,
  caller: Caller,
): Refused | Rejection | undefined {
  if (stream === '') return bad('the stream has no name');
  if (caller.refusal('write', stream) !== undefined) return { kind: 'access-denied' };
  if (deadlineMs <= Date.now()) return { kind: 'timeout' };
  if (typeof expectation === 'string') return bad(expectation);
  return correlationId === NO_ID ? bad('the append has no correlation id') : undefined;
}

function bad(message: string): Rejection {
  return { kind: 'bad-request', message };
}
