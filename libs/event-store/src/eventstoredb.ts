import {
  BACKWARDS,
  END,
  EventStoreDBClient,
  FORWARDS,
  NO_STREAM,
  StreamNotFoundError,
  WrongExpectedVersionError,
  jsonEvent,
  type AllStreamResolvedEvent,
  type EventData,
  type ResolvedEvent,
  type StreamingRead,
} from '@eventstore/db-client';
import { Semaphore } from 'async-mutex';
import { actualOf, translated } from './client-errors';
import { followAll } from './follow-all';
import { STORE_STREAM, historyIn } from './log-history';
import { withNativeBase64 } from './native-base64';
import { recorded } from './recorded';
import { SharedByKey } from './shared-by-key';
import {
  OutcomeUnknown,
  StoreRefused,
  WrongRevision,
  type AppendResult,
  type EventStore,
  type ExpectedRevision,
  type LogMessage,
  type NewEvent,
  type Position,
  type RecordedEvent,
  type Unwanted,
} from './port';
import { withLogin, type StoreLogin } from './store-login';
import { withWideWindow } from './wide-window';

/** What the server refuses to take in one append; checked here as well, for an error that says which stream it was. */
const MAX_APPEND_BYTES = 1024 * 1024;

/**
 * Appends on their way at a time. The client queues what its gRPC stream does not take at once (16 messages), and when
 * that stream breaks it rejects the queue where nobody can catch it, which ends the process. So the queue is not used.
 */
const MAX_IN_FLIGHT = 15;

const APPEND_DEADLINE_MS = 10_000;
/** The client can lose an append without ever answering when its stream breaks at the wrong moment. */
const GRACE_MS = 1_000;

withNativeBase64(); // once a process, before the client appends

/** One client a process and server appends, and does nothing else: see docs/event-store.md, The client's traps. */
const appenders = new SharedByKey<EventStoreDBClient>();

/** The log in an EventStoreDB: the embedded one or a cluster, the client cannot tell. */
export class EventStoreDb implements EventStore {
  private readonly slots = new Semaphore(MAX_IN_FLIGHT);

  private constructor(
    /** With the login, if there is one. */
    private readonly url: string,
    private readonly client: EventStoreDBClient,
    private readonly appender: EventStoreDBClient,
    private readonly appendDeadlineMs: number,
  ) {}

  /**
   * @param url `esdb://host:port?tls=false` for one node, `esdb+discover://…` for a cluster.
   * @param options.login for a store with TLS and users; the client drops it without a word where there is no TLS.
   * Nothing is connected yet: an unreachable server shows at the first call.
   */
  static connect(
    url: string,
    options: { readonly appendDeadlineMs?: number; readonly login?: StoreLogin | undefined } = {},
  ): EventStoreDb {
    const whole = options.login === undefined ? url : withLogin(url, options.login);
    const make = (): EventStoreDBClient => EventStoreDBClient.connectionString(whole);
    const { appendDeadlineMs = APPEND_DEADLINE_MS } = options;
    return new EventStoreDb(whole, withWideWindow(make()), appenders.take(whole, make), appendDeadlineMs);
  }

  async append(stream: string, expected: ExpectedRevision, events: readonly NewEvent[]): Promise<AppendResult> {
    const batch = encode(stream, events);
    const [, release] = await this.slots.acquire();
    try {
      const expectedRevision = expected === 'no-stream' ? NO_STREAM : expected;
      const deadline = this.appendDeadlineMs;
      const appended = this.appender.appendToStream(stream, batch, { expectedRevision, deadline });
      const { nextExpectedRevision, position } = await settled(appended, deadline + GRACE_MS, stream);
      if (position === undefined) throw new StoreRefused(`append to ${stream}: the store answered without a position`);
      return { revision: nextExpectedRevision, position: position.commit };
    } catch (error) {
      if (error instanceof WrongExpectedVersionError) throw new WrongRevision(stream, expected, actualOf(error));
      throw translated(`append to ${stream}`, error);
    } finally {
      release();
    }
  }

  async *read(stream: string, from = 0n): AsyncIterable<RecordedEvent> {
    const reading = this.client.readStream(stream, { direction: FORWARDS, fromRevision: from });
    for await (const { event } of drained(`read ${stream}`, reading)) if (event !== undefined) yield recorded(event);
  }

  async last(stream: string): Promise<RecordedEvent | undefined> {
    const options = { direction: BACKWARDS, fromRevision: END, maxCount: 1 } as const;
    const reading = this.client.readStream(stream, options);
    let last: RecordedEvent | undefined;
    for await (const { event } of drained(`read the end of ${stream}`, reading)) {
      if (event !== undefined) last = recorded(event);
    }
    return last;
  }

  /** Position of the last event that {@link subscribe} would yield: the store's own `$` events do not count. */
  async head(): Promise<Position> {
    // few at first: the server sends as many as it is asked for, whether they are read or not
    for (let maxCount = 4; ; maxCount *= 16) {
      let seen = 0;
      const reading = this.client.readAll({ direction: BACKWARDS, fromPosition: END, maxCount });
      for await (const { event } of drained('read the end of the log', reading)) {
        if (event !== undefined && !event.type.startsWith('$')) return event.position.commit;
        seen += 1;
      }
      if (seen < maxCount) return 0n;
    }
  }

  async history(): Promise<string | undefined> {
    return historyIn((await this.last(STORE_STREAM))?.data);
  }

  subscribe(after: Position | undefined, signal: AbortSignal, unwanted: Unwanted = {}): AsyncIterable<LogMessage> {
    return followAll(this.client, after, signal, unwanted);
  }

  async keepLast(stream: string, count: number): Promise<void> {
    try {
      const { metadata = {} } = await this.client.getStreamMetadata(stream);
      if (metadata.maxCount !== count) await this.appender.setStreamMetadata(stream, { ...metadata, maxCount: count });
    } catch (error) {
      throw translated(`keep the last ${String(count)} events of ${stream}`, error);
    }
  }

  /** Ends open streams; one that the client cannot end does not keep the caller waiting. */
  async close(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, GRACE_MS);
    });
    await Promise.race([Promise.all([this.client.dispose(), appenders.release(this.url)?.dispose()]), patience]);
    clearTimeout(timer);
  }
}

const utf8 = new TextEncoder();

/** Encodes here what the client would encode too late: an event that is no JSON would hang its append for ever. */
function encode(stream: string, events: readonly NewEvent[]): EventData[] {
  let bytes = 0;
  const batch = events.map(({ id, type, data, metadata }) => {
    // as bytes: the client would write a body that it takes apart itself as base64 twice
    const said = utf8.encode(json(stream, type, metadata));
    bytes += Buffer.byteLength(json(stream, type, data)) + said.length + 2 * type.length;
    return jsonEvent({ id, type, data, metadata: said });
  });
  if (bytes > MAX_APPEND_BYTES) {
    throw new StoreRefused(
      `append to ${stream}: ${String(bytes)} bytes, at most ${String(MAX_APPEND_BYTES)} are taken`,
    );
  }
  return batch;
}

function json(stream: string, type: string, body: Readonly<Record<string, unknown>>): string {
  try {
    return JSON.stringify(body);
  } catch (error) {
    throw new StoreRefused(`append to ${stream}: ${type} cannot be written as JSON`, { cause: error });
  }
}

/** @throws OutcomeUnknown when the promise takes longer than it ever should */
async function settled<T>(promise: Promise<T>, ms: number, stream: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new OutcomeUnknown(`append to ${stream}: no answer`));
    }, ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
    promise.catch(ignore);
  }
}

/** Reads to the end, or cancels and drains when the consumer leaves early: the client leaks a read that is only left. */
async function* drained<T extends ResolvedEvent | AllStreamResolvedEvent>(
  what: string,
  reading: StreamingRead<T>,
): AsyncGenerator<T> {
  let over = false;
  // An error after the consumer has left must not end the process.
  reading.on('error', ignore);
  try {
    for await (const event of reading.iterator({ destroyOnReturn: false }) as AsyncIterable<T>) yield event;
    over = true;
  } catch (error) {
    over = true;
    if (!(error instanceof StreamNotFoundError)) throw translated(what, error);
  } finally {
    if (!over) {
      await reading.cancel().catch(ignore);
      reading.resume();
    }
  }
}

function ignore(): void {
  // Deliberately nothing: told elsewhere.
}
