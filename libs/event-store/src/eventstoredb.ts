import type { BatchAppendReq, BatchAppendResp, ReadReq } from '@eventstore/db-client/generated/streams_pb';
import { Semaphore } from 'async-mutex';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { parsedConnection, withLogin } from './connection';
import { followAll } from './follow-all';
import { STORE_STREAM, historyIn } from './log-history';
import { NAME_STREAM, namedHistory } from './log-name';
import { appendRequest } from './nodes/append-request';
import { Cluster, type InUse } from './nodes/cluster';
import { connectionOf } from './nodes/connection';
import { failureOf, refusalOf } from './nodes/failures';
import type { Node } from './nodes/node';
import { endOfLog, forwards, lastOf, subscription } from './nodes/read-request';
import { eventIn, messageIn } from './nodes/recorded';
import {
  OutcomeUnknown,
  StoreFull,
  StoreRefused,
  StoreUnready,
  type AppendResult,
  type EventStore,
  type ExpectedRevision,
  type LogMessage,
  type NewEvent,
  type Position,
  type RecordedEvent,
  type Unwanted,
} from './port';
import type { StoreLogin } from './store-login';

/** Appends on their way at a time; more wait here. */
const MOST_UNDER_WAY = 128;
/** Appends that may wait for those. */
const MOST_QUEUED = 4_096;

/** A node itself gives up after two to three seconds that it could not write to enough others. */
const APPEND_DEADLINE_MS = 3_500;
/** A node does not take what arrives later than this: nobody waits for it any more. */
const TOO_LATE_MS = 10_000;

/** How long calls wait for a node that serves them. Who asked again and again is told in time that there is none. */
const PATIENCE_MS = { writes: 1_500, connection: 1_500, reads: 4_500 };
/** The least and the most time for a message of a read to come. */
const MESSAGE_MS = { least: 1_000, most: 4_000 };
const RETRY_MS = 50;

/** Where the log is read from and written to at present, for operators. */
export interface LogConnections {
  readonly address: string;
  readonly use: InUse['use'];
  /** Connections that carry reads and subscriptions, and how many of those run. */
  readonly connections: number;
  readonly calls: number;
}

/** The log in an EventStoreDB: the embedded one or a cluster, this class cannot tell. */
export class EventStoreDb implements EventStore {
  private readonly slots = new Semaphore(MOST_UNDER_WAY);
  private queued = 0;

  private constructor(
    private readonly cluster: Cluster,
    private readonly appendDeadlineMs: number,
  ) {}

  /**
   * @param url any connection string that the official client takes
   * @param options.login for a store with TLS and users, instead of one in the URL
   * Nothing is connected yet: an unreachable server shows at the first call.
   * @throws ConnectionStringError
   */
  static connect(
    url: string,
    options: { readonly appendDeadlineMs?: number; readonly login?: StoreLogin | undefined } = {},
  ): EventStoreDb {
    const given = parsedConnection(url);
    const connection = connectionOf(options.login === undefined ? given : withLogin(given, options.login));
    const { appendDeadlineMs = connection.deadlineMs ?? APPEND_DEADLINE_MS } = options;
    return new EventStoreDb(new Cluster(connection), appendDeadlineMs);
  }

  /** Undefined while no node is in use. */
  get connections(): LogConnections | undefined {
    const { current } = this.cluster;
    return current === undefined
      ? undefined
      : { address: current.node.address, use: current.use, ...current.node.reads };
  }

  append(stream: string, expected: ExpectedRevision, events: readonly NewEvent[]): Promise<AppendResult> {
    return this.write(stream, expected, events);
  }

  async *read(stream: string, from = 0n): AsyncIterable<RecordedEvent> {
    yield* this.events(`read ${stream}`, forwards(stream, from));
  }

  async last(stream: string): Promise<RecordedEvent | undefined> {
    let last: RecordedEvent | undefined;
    for await (const event of this.events(`read the end of ${stream}`, lastOf(stream))) last = event;
    return last;
  }

  /** Position of the last event that {@link subscribe} would yield: the store's own `$` events do not count. */
  async head(): Promise<Position> {
    // few at first: the server sends as many as it is asked for, whether they are read or not
    for (let count = 4; ; count *= 16) {
      let seen = 0;
      for await (const event of this.events('read the end of the log', endOfLog(count))) {
        if (!event.type.startsWith('$')) return event.position;
        seen += 1;
      }
      if (seen < count) return 0n;
    }
  }

  async history(): Promise<string | undefined> {
    const own = await this.last(STORE_STREAM).catch((error: unknown) => {
      if (error instanceof StoreRefused) return undefined; // a server's own streams are not for every user
      throw error;
    });
    return historyIn(own?.data) ?? namedHistory(await this.last(NAME_STREAM));
  }

  async *subscribe(
    after: Position | undefined,
    signal: AbortSignal,
    unwanted: Unwanted = {},
  ): AsyncIterable<LogMessage> {
    if (isAborted(signal)) return;
    const { node, fromLeader } = await this.cluster.use('reads', PATIENCE_MS.reads);
    const subscribeToAll = async function* (from: Position | undefined, regex: string): AsyncGenerator<LogMessage> {
      for await (const answer of node.read(subscription(from, regex), { fromLeader, until: signal })) {
        const message = messageIn(answer);
        if (message !== undefined) yield message;
      }
    };
    try {
      yield* followAll({ subscribeToAll }, after, unwanted);
    } catch (error) {
      if (isAborted(signal)) return;
      this.cluster.failed(node);
      throw failureOf('subscription to the log', error);
    }
    if (!isAborted(signal)) throw new OutcomeUnknown('subscription to the log: the store ended it');
  }

  async keepLast(stream: string, count: number): Promise<void> {
    const metadata = `$$${stream}`;
    const { data = {} } = (await this.last(metadata)) ?? {};
    if (data['$maxCount'] === count) return;
    const event = { id: randomUUID(), type: '$metadata', data: { ...data, $maxCount: count }, metadata: {} };
    await this.write(metadata, 'any', [event]);
  }

  close(): Promise<void> {
    this.cluster.close();
    return Promise.resolve();
  }

  private async write(
    stream: string,
    expected: ExpectedRevision | 'any',
    events: readonly NewEvent[],
  ): Promise<AppendResult> {
    const what = `append to ${stream}`;
    const request = appendRequest(stream, expected, events, TOO_LATE_MS);
    await this.cluster.use('writes', PATIENCE_MS.writes);
    const release = await this.slot(what);
    try {
      const { node } = await this.cluster.use('writes', 0);
      const answer = await this.sent(what, node, request);
      const success = answer.getSuccess();
      if (success === undefined) throw this.noted(node, refusalOf(what, stream, expected, answer));
      const position = success.getPosition();
      if (position === undefined) throw new StoreRefused(`${what}: the store answered without a position`);
      return { revision: BigInt(success.getCurrentRevision()), position: BigInt(position.getCommitPosition()) };
    } finally {
      release();
    }
  }

  private async sent(what: string, node: Node, request: BatchAppendReq): Promise<BatchAppendResp> {
    try {
      return await node.append(request, { connectMs: PATIENCE_MS.connection, answerMs: this.appendDeadlineMs });
    } catch (error) {
      throw this.noted(node, failureOf(what, error));
    }
  }

  /** A node that could not do what it was asked for may not be the one to ask. */
  private noted(node: Node, failure: Error): Error {
    if (failure instanceof OutcomeUnknown && !(failure instanceof StoreFull)) this.cluster.failed(node);
    return failure;
  }

  private async slot(what: string): Promise<() => void> {
    if (this.queued >= MOST_QUEUED) throw new StoreUnready(`${what}: too many appends wait already`);
    this.queued += 1;
    try {
      const [, release] = await this.slots.acquire();
      return release;
    } finally {
      this.queued -= 1;
    }
  }

  /** Reads; until the first event has come, again on another node where one fails. */
  private async *events(what: string, request: ReadReq): AsyncGenerator<RecordedEvent> {
    const end = performance.now() + PATIENCE_MS.reads;
    const reading = { begun: false };
    for (;;) {
      const left = Math.max(end - performance.now(), MESSAGE_MS.least);
      const { node, fromLeader } = await this.cluster.use('reads', left);
      const idleMs = reading.begun ? MESSAGE_MS.most : Math.min(left, MESSAGE_MS.most);
      try {
        for await (const answer of node.read(request, { fromLeader, idleMs })) {
          const event = eventIn(answer);
          if (event === undefined) continue;
          reading.begun = true;
          yield event;
        }
        return;
      } catch (error) {
        const failure = this.noted(node, failureOf(what, error));
        if (reading.begun || !(failure instanceof OutcomeUnknown) || performance.now() > end) throw failure;
      }
      await sleep(RETRY_MS);
    }
  }
}

function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
