import type { ServerReadableStream, handleClientStreamingCall, sendUnaryData } from '@grpc/grpc-js';
import { Empty } from '@eventstore/db-client/generated/shared_pb';
import { AppendResp, type AppendReq } from '@eventstore/db-client/generated/streams_pb';
import type { WriteOutcome } from '../log/commands';
import type { Caller } from './access';
import {
  appendTooLarge,
  missingMetadata,
  streamDeleted,
  thrownByHandler,
  timedOut,
  TOO_MUCH,
  unavailable,
  wireErrorOf,
  type WireError,
} from './errors';
import { Proposal, clampU64, expectationOf, fieldsOf, streamNameOf, type Expectation, type Flaw } from './proposal';
import type { WireContext } from './context';
import type { BudgetAccount } from './memory-budget';

interface Target extends Expectation {
  readonly stream: string;
}

/** Streams.Append: options first, then the events, one answer at the end; errors are told once, the rest is ignored. */
export function appendHandler(context: WireContext): handleClientStreamingCall<AppendReq, AppendResp> {
  return (call, callback) => {
    void new AppendCall(context, call, callback).run();
  };
}

class AppendCall {
  private readonly proposal: Proposal;
  private target: Target | undefined;
  private answered = false;
  private readonly account: BudgetAccount;
  private readonly forgetCall: () => void;

  constructor(
    private readonly context: WireContext,
    private readonly call: ServerReadableStream<AppendReq, AppendResp>,
    private readonly callback: sendUnaryData<AppendResp>,
  ) {
    this.proposal = new Proposal(context.maxAppendSize);
    this.account = context.budget.account();
    this.forgetCall = context.calls.add(() => {
      this.refuse(unavailable('the event store is shutting down'));
    });
  }

  async run(): Promise<void> {
    this.call.on('cancelled', () => {
      this.answered = true;
      this.forget();
    });
    try {
      this.read(await this.context.gate.admit(this.call));
    } catch (error) {
      this.turnAway(wireErrorOf('an append', error));
    }
  }

  private read(caller: Caller): void {
    this.call.on('data', (request: AppendReq) => {
      try {
        const error = this.answered ? undefined : this.take(request, caller);
        if (error !== undefined) this.turnAway(error);
      } catch (error) {
        this.turnAway(wireErrorOf('an append', error));
      }
    });
    this.call.on('end', () => {
      if (!this.answered) this.write();
    });
  }

  private take(request: AppendReq, caller: Caller): WireError | undefined {
    const options = request.getOptions();
    if (options !== undefined) {
      if (this.target !== undefined) return thrownByHandler('options may come only once');
      const stream = streamNameOf(options.getStreamIdentifier()?.getStreamName_asU8());
      const expectation = expectationOf(options);
      if (stream === undefined) return thrownByHandler('the stream has no name');
      this.target = { stream, ...expectation };
      return caller.refusal('write', stream);
    }
    const message = request.getProposedMessage();
    if (this.target === undefined || message === undefined)
      return thrownByHandler('options must come first, then events');
    const flaw = this.proposal.add(fieldsOf(message));
    if (flaw !== undefined) return this.refusalOf(flaw);
    return this.account.grow(this.proposal.bytes) ? undefined : unavailable(TOO_MUCH);
  }

  private refusalOf(flaw: Flaw): WireError {
    if (flaw.kind === 'too-large') return appendTooLarge(this.context.maxAppendSize);
    return flaw.kind === 'invalid' ? thrownByHandler(flaw.why) : missingMetadata();
  }

  private write(): void {
    const { target } = this;
    if (target === undefined) {
      this.turnAway(thrownByHandler('options are missing'));
      return;
    }
    const { stream, expected } = target;
    const deadlineMs = deadlineOf(this.call);
    const command = { kind: 'append', stream, expected, events: this.proposal.events, deadlineMs } as const;
    this.context.log.write(command, (outcome) => {
      if (!this.answered) this.answer(target, outcome);
    });
  }

  private answer(target: Target, outcome: WriteOutcome): void {
    switch (outcome.kind) {
      case 'done':
        this.reply(new AppendResp().setSuccess(success(outcome.revision, outcome.position)));
        return;
      case 'wrong-expected-version':
        this.reply(new AppendResp().setWrongExpectedVersion(wrongVersion(target, outcome.current)));
        return;
      case 'stream-deleted':
        this.refuse(streamDeleted(target.stream));
        return;
      case 'timeout':
        this.refuse(timedOut());
        return;
      case 'unavailable':
        this.refuse(unavailable(outcome.reason));
    }
  }

  private forget(): void {
    this.account.close();
    this.forgetCall();
  }

  private reply(response: AppendResp): void {
    this.answered = true;
    this.forget();
    this.callback(null, response);
  }

  /** Before it reached the log. */
  private turnAway(error: WireError): void {
    if (!this.answered) this.context.onRefused();
    this.refuse(error);
  }

  private refuse(error: WireError): void {
    if (this.answered) return;
    this.answered = true;
    this.forget();
    this.callback(error);
  }
}

/** The moment after which the caller no longer waits, in ms since 1970. */
export function deadlineOf(call: { getDeadline(): Date | number }): number {
  return Number(call.getDeadline());
}

function success(revision: number, position: number | undefined): AppendResp.Success {
  const response = new AppendResp.Success();
  if (revision < 0) response.setNoStream(new Empty());
  else response.setCurrentRevision(String(revision));
  if (position === undefined) return response.setNoPosition(new Empty());
  const place = new AppendResp.Position().setCommitPosition(String(position)).setPreparePosition(String(position));
  return response.setPosition(place);
}

/** A normal response, not a status; the deprecated fields serve older clients. */
function wrongVersion(target: Target, current: number): AppendResp.WrongExpectedVersion {
  const response = new AppendResp.WrongExpectedVersion();
  if (current < 0) response.setCurrentNoStream(new Empty()).setNoStream2060(new Empty());
  else response.setCurrentRevision(String(current)).setCurrentRevision2060(current);
  if (target.revision !== undefined) {
    response.setExpectedRevision(target.revision).setExpectedRevision2060(clampU64(target.revision));
  } else if (target.expected === 'any') response.setExpectedAny(new Empty()).setAny2060(new Empty());
  else if (target.expected === 'stream-exists')
    response.setExpectedStreamExists(new Empty()).setStreamExists2060(new Empty());
  else response.setExpectedNoStream(new Empty());
  return response;
}
