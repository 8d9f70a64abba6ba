import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClientReadableStream, ServiceError } from '@grpc/grpc-js';
import type { ReadResp } from '@eventstore/db-client/generated/streams_pb';
import { Answers, Place, number, placeOf, streamOf, type Answer } from './answers';
import { OWN, argsOf, type Args, type Conversation, type Operation } from './conversation';
import { Names, Requests, idMessage, type Position } from './requests';
import type { StoreCalls } from './store-calls';

/** How long a subscription must say nothing to have said all, in milliseconds. */
const QUIET_MS = 120;
/** How long an answer may take. */
const PATIENCE_MS = 15_000;

interface Subscription {
  readonly call: ClientReadableStream<ReadResp>;
  said: Answer[];
  lastMs: number;
}

/** Carries out the steps of one conversation against a server. */
export class Replay {
  private readonly names = new Names();
  private readonly requests = new Requests(this.names);
  private readonly answers = new Answers(this.names);
  private readonly subscriptions = new Map<string, Subscription>();
  /** Which of the conversation's events stands where in `$all`. */
  private readonly events = new Map<string, string>();
  private beginning = '0';
  private seenUpTo = '0';

  constructor(
    private readonly calls: StoreCalls,
    private readonly quietMs = QUIET_MS,
  ) {}

  /** Says what the server answers to each step, in the words of the recorded conversations. */
  async run(steps: Conversation['steps']): Promise<readonly Answer[]> {
    const [mark] = await this.calls.batch(this.requests.batch(argsOf({ stream: 'conversations', events: [{}] }), id()));
    this.beginning = mark?.getSuccess()?.getPosition()?.getCommitPosition() ?? '0';
    this.seenUpTo = this.beginning;
    const answers: Answer[] = [];
    try {
      for (const [operation, args, recorded] of steps) answers.push(await this.step(operation, args, recorded));
      await this.learnPositions();
    } finally {
      for (const { call } of this.subscriptions.values()) call.cancel();
    }
    return answers.map((answer) => shortened(this.settled(answer)));
  }

  private async step(operation: Operation, args: Args, recorded: unknown): Promise<Answer> {
    switch (operation) {
      case 'append':
        return this.append(args);
      case 'setMetadata': {
        const data = typeof args.metadata === 'string' ? args.metadata : JSON.stringify(args.metadata);
        const [event] = argsOf({ events: [{ type: '$metadata', data }] }).events;
        return this.append({ ...args, stream: metastream(args), events: event === undefined ? [] : [event] });
      }
      case 'delete':
      case 'tombstone':
        return this.remove(operation, args);
      case 'read':
        return this.collect(args);
      case 'getMetadata':
        return this.collect({ ...args, stream: metastream(args), direction: 'backwards', from: 'end', count: 1 });
      case 'readAll':
        return this.collect({ ...args, all: true });
      case 'subscribe':
        return this.subscribe(args, recorded);
      case 'observe':
        return this.observe(args.name, recorded);
      case 'wait':
        await sleep(args.milliseconds);
        return { result: 'ok' };
    }
  }

  private async append(args: Args): Promise<Answer> {
    if (args.api === 'classic') return this.appendClassic(args);
    const [response] = await this.calls.batch(this.requests.batch(args, id()), PATIENCE_MS);
    if (response === undefined) return { result: 'no answer' };
    const success = response.getSuccess();
    if (success === undefined) return this.answers.batchRefusal(response.getError());
    const revision = success.hasCurrentRevision() ? success.getCurrentRevision() : 'no stream';
    return this.answers.written(revision, placeOf(success.getPosition()));
  }

  private async appendClassic(args: Args): Promise<Answer> {
    const outcome = await this.calls.append(args, this.requests);
    if (outcome instanceof Error) return this.answers.refusal(outcome);
    const success = outcome.getSuccess();
    if (success === undefined) return this.answers.wrongVersion(outcome.getWrongExpectedVersion());
    const revision = success.hasCurrentRevision() ? success.getCurrentRevision() : 'no stream';
    return this.answers.written(revision, placeOf(success.getPosition()));
  }

  private async remove(kind: 'delete' | 'tombstone', args: Args): Promise<Answer> {
    const outcome = await this.calls.remove(kind, args, this.requests);
    if (outcome instanceof Error) return this.answers.refusal(outcome);
    return { result: 'ok', position: placeOf(outcome.getPosition()) };
  }

  private async collect(args: Args): Promise<Answer> {
    const request = this.requests.read(args, await this.positionOf(args));
    const { responses, error } = await this.calls.read(request, PATIENCE_MS);
    const events: Answer[] = [];
    const also: Answer[] = [];
    const bounds = {};
    for (const response of responses) {
      const said = this.answers.read(response, args.all);
      if (said === undefined) continue;
      if (response.hasEvent()) events.push(said);
      else if (response.hasFirstStreamPosition() || response.hasLastStreamPosition()) Object.assign(bounds, said);
      else also.push(said);
    }
    const refusal = error === undefined ? {} : this.answers.refusal(error);
    return { events, ...(also.length > 0 ? { also } : {}), ...bounds, ...refusal };
  }

  private async subscribe(args: Args, recorded: unknown): Promise<Answer> {
    const call = this.calls.follow(this.requests.read(args, await this.positionOf(args), true));
    const subscription: Subscription = { call, said: [], lastMs: Date.now() };
    const say = (what: Answer): void => {
      subscription.lastMs = Date.now();
      if (what !== undefined) subscription.said.push(what);
    };
    call.on('data', (response: ReadResp) => {
      say(this.answers.read(response, args.all));
    });
    call.on('error', (error: ServiceError) => {
      say(this.answers.refusal(error));
    });
    call.on('end', () => {
      say('ended');
    });
    this.subscriptions.set(args.name, subscription);
    return this.observe(args.name, recorded);
  }

  /** What a subscription said since it was last observed: at least as much as was recorded, then nothing for a while. */
  private async observe(name: string, recorded: unknown): Promise<Answer> {
    const subscription = this.subscriptions.get(name);
    if (subscription === undefined) return 'no such subscription';
    const patient = Date.now() + PATIENCE_MS;
    const expected = Array.isArray(recorded) ? recorded.length : 0;
    const from = Date.now();
    while (subscription.said.length < expected && Date.now() < patient) await sleep(5);
    while (Date.now() - Math.max(from, subscription.lastMs) < this.quietMs) await sleep(10);
    const { said } = subscription;
    subscription.said = [];
    return said;
  }

  /** Where a read of `$all` begins. */
  private async positionOf({ all, from }: Args): Promise<Position | undefined> {
    if (!all || from === 'start' || from === 'end' || from === 'none' || typeof from === 'number') return undefined;
    if (typeof from === 'string') return { commit: this.beginning, prepare: this.beginning };
    if ('position' in from) return { commit: String(from.position), prepare: String(from.position) };
    await this.learnPositions();
    const [at] = [...this.events].find(([, name]) => name === from.event) ?? [];
    if (at === undefined) throw new Error(`there is no event ${from.event}`);
    const commit = String(BigInt(at) + BigInt(from.add));
    return { commit, prepare: from.prepare === undefined ? commit : String(from.prepare) };
  }

  /** Reads `$all` from where it was last read, to know which event stands where. */
  private async learnPositions(): Promise<void> {
    const at = { commit: this.seenUpTo, prepare: this.seenUpTo };
    const args = argsOf({ all: true, from: 'beginning', count: 1_000_000, filter: { on: 'stream', regex: OWN } });
    const { responses } = await this.calls.read(this.requests.read(args, at), PATIENCE_MS);
    for (const response of responses) {
      const event = response.getEvent()?.getEvent();
      if (event === undefined) continue;
      this.seenUpTo = event.getCommitPosition();
      const stream = streamOf(event);
      if (!stream.includes(this.names.prefix)) continue;
      const revision = String(number(event.getStreamRevision()));
      this.events.set(this.seenUpTo, `${this.names.shown(stream)}@${revision}`);
    }
  }

  private placeName({ at }: Place): string {
    const known = this.events.get(at);
    if (known !== undefined) return known;
    if (BigInt(at) === 2n ** 64n - 1n) return 'end';
    const before = [...this.events].filter(([other]) => BigInt(other) < BigInt(at)).at(-1);
    if (before !== undefined) return `after ${before[1]}`;
    return BigInt(at) < BigInt(this.beginning) ? 'before the history' : 'at the beginning';
  }

  /** Positions by name, all through an answer. */
  private settled(value: Answer): Answer {
    if (value instanceof Place) return this.placeName(value);
    if (Array.isArray(value)) return value.map((one: unknown) => this.settled(one));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, this.settled(one)]));
  }
}

function id(): ReturnType<typeof idMessage> {
  return idMessage(randomUUID());
}

function metastream({ stream }: Args): string {
  return `$$${typeof stream === 'string' ? stream : OWN}`;
}

/** The short forms that the file has. */
function shortened(answer: Answer): Answer {
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) return answer;
  const fields = new Map<string, unknown>(Object.entries(answer));
  const keys = [...fields.keys()].join();
  if (keys === 'events') return fields.get('events');
  if (fields.get('result') !== 'ok') return answer;
  if (keys === 'result') return 'ok';
  const position: unknown = fields.get('position');
  if (typeof position !== 'string') return answer;
  return keys === 'result,position' ? `ok, ${position}` : `ok, at ${String(fields.get('revision'))}, ${position}`;
}
