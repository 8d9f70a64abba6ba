import { Semaphore } from 'async-mutex';
import { randomUUID } from 'node:crypto';
import { parsedConnection, withLogin } from './connection';
import { followAll } from './follow-all';
import { STORE_STREAM, historyIn } from './log-history';
import { NAME_STREAM, namedHistory } from './log-name';
import { Cluster, type InUse } from './nodes/cluster';
import { connectionOf } from './nodes/connection';
import { failureOf } from './nodes/failures';
import { networkOf } from './nodes/grpc-node';
import type { Node, Wanted, Write } from './nodes/node';
import { pause, systemTiming, type Timing } from './nodes/timing';
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
/** Between two attempts to read, twice as long each time. */
const RETRY_MS = { first: 50, most: 400 };

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

  /** @param appendDeadlineMs how long a node may take to answer an append */
  constructor(
    private readonly cluster: Cluster,
    private readonly appendDeadlineMs = APPEND_DEADLINE_MS,
    private readonly timing: Timing = systemTiming,
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
    const { appendDeadlineMs = connection.deadlineMs } = options;
    return new EventStoreDb(new Cluster(networkOf(connection)), appendDeadlineMs);
  }

  /** Undefined while no node is in use. */
  get connections(): LogConnections | undefined {
    const { current } = this.cluster;
    return current === undefined
      ? undefined
      : { address: current.node.address, use: current.use, ...current.node.reads };
  }

  append(stream: string, expected: ExpectedRevision, events: readonly NewEvent[]): Promise<AppendResult> {
    return this.write({ stream, expected, events });
  }

  async *read(stream: string, from = 0n): AsyncIterable<RecordedEvent> {
    yield* this.events(`read ${stream}`, { kind: 'stream', stream, from });
  }

  async last(stream: string): Promise<RecordedEvent | undefined> {
    let last: RecordedEvent | undefined;
    for await (const event of this.events(`read the end of ${stream}`, { kind: 'last', stream })) last = event;
    return last;
  }

  /** Position of the last event that {@link subscribe} would yield: the store's own `$` events do not count. */
  async head(): Promise<Position> {
    // few at first: the server sends as many as it is asked for, whether they are read or not
    for (let count = 4; ; count *= 16) {
      let seen = 0;
      for await (const event of this.events('read the end of the log', { kind: 'end', count })) {
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
    const subscribeToAll = (from: Position | undefined, regex: string): AsyncIterable<LogMessage> =>
      node.read({ kind: 'all', after: from, regex }, { fromLeader, until: signal });
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
    await this.write({ stream: metadata, expected: 'any', events: [event] });
  }

  close(): Promise<void> {
    this.cluster.close();
    return Promise.resolve();
  }

  private async write(write: Write): Promise<AppendResult> {
    const what = `append to ${write.stream}`;
    const began = this.timing.now();
    await this.cluster.use('writes', PATIENCE_MS.writes);
    const release = await this.slot(what);
    try {
      const { node } = await this.cluster.use('writes', 0);
      const lateMs = TOO_LATE_MS - (this.timing.now() - began);
      const patience = { connectMs: PATIENCE_MS.connection, answerMs: this.appendDeadlineMs, lateMs };
      try {
        return await node.append(write, patience);
      } catch (error) {
        throw this.noted(node, failureOf(what, error));
      }
    } finally {
      release();
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
  private async *events(what: string, wanted: Wanted): AsyncGenerator<RecordedEvent> {
    const end = this.timing.now() + PATIENCE_MS.reads;
    const reading = { begun: false };
    for (let wait = RETRY_MS.first; ; wait = Math.min(2 * wait, RETRY_MS.most)) {
      const left = Math.max(end - this.timing.now(), MESSAGE_MS.least);
      const { node, fromLeader } = await this.cluster.use('reads', left);
      const idleMs = reading.begun ? MESSAGE_MS.most : Math.min(left, MESSAGE_MS.most);
      try {
        for await (const message of node.read(wanted, { fromLeader, idleMs })) {
          if (message.kind !== 'event') continue;
          reading.begun = true;
          yield message.event;
        }
        return;
      } catch (error) {
        const failure = this.noted(node, failureOf(what, error));
        if (reading.begun || !(failure instanceof OutcomeUnknown) || this.timing.now() > end) throw failure;
      }
      await pause(this.timing, wait);
    }
  }
}

function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
