import { randomUUID } from 'node:crypto';
import { Metadata, credentials, status, type ServiceError } from '@grpc/grpc-js';
import { Timestamp } from 'google-protobuf/google/protobuf/timestamp_pb';
import { Empty, StreamIdentifier, UUID } from '@eventstore/db-client/generated/shared_pb';
import { StreamsClient } from '@eventstore/db-client/generated/streams_grpc_pb';
import {
  AppendReq,
  BatchAppendReq,
  ReadReq,
  type AppendResp,
  type BatchAppendResp,
} from '@eventstore/db-client/generated/streams_pb';
import {
  startEmbeddedEventStore,
  temporaryDirectory,
  type EmbeddedEventStore,
} from '../../../../test/support/embedded-eventstore';
import { fresh } from '../testing/client';

/** What the official client never sends, but another one may. */
describe('the wire, with requests made by hand', () => {
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  let server: EmbeddedEventStore;
  let client: StreamsClient;

  beforeAll(async () => {
    directory = await temporaryDirectory();
    server = await startEmbeddedEventStore({ directory: directory.path });
    client = new StreamsClient(`127.0.0.1:${String(server.port)}`, credentials.createInsecure());
  });
  afterAll(async () => {
    client.close();
    await server.stop();
    await directory.remove();
  });

  function identifier(stream: string): StreamIdentifier {
    return new StreamIdentifier().setStreamName(Buffer.from(stream));
  }

  function options(stream: string, deadlineMs = Date.now() + 10_000): BatchAppendReq.Options {
    const deadline = new Timestamp();
    deadline.fromDate(new Date(deadlineMs));
    return new BatchAppendReq.Options()
      .setStreamIdentifier(identifier(stream))
      .setAny(new Empty())
      .setDeadline(deadline);
  }

  function message(type: string | undefined = 'a.b.v1'): BatchAppendReq.ProposedMessage {
    const proposed = new BatchAppendReq.ProposedMessage()
      .setId(new UUID().setString(randomUUID()))
      .setData(Buffer.from('{}'));
    if (type !== '') proposed.getMetadataMap().set('type', type);
    proposed.getMetadataMap().set('content-type', 'application/json');
    return proposed;
  }

  function chunk(
    id: string,
    final: boolean,
    parts: { options?: BatchAppendReq.Options; messages?: BatchAppendReq.ProposedMessage[] },
  ): BatchAppendReq {
    const request = new BatchAppendReq().setCorrelationId(new UUID().setString(id)).setIsFinal(final);
    if (parts.options !== undefined) request.setOptions(parts.options);
    return request.setProposedMessagesList(parts.messages ?? []);
  }

  /** Sends chunks over one call, then half-closes it; resolves to all answers, by correlation id. */
  async function batch(...chunks: readonly BatchAppendReq[]): Promise<Map<string, BatchAppendResp[]>> {
    const call = client.batchAppend();
    for (const one of chunks) call.write(one);
    call.end();
    const answers = new Map<string, BatchAppendResp[]>();
    for await (const answer of call as AsyncIterable<BatchAppendResp>) {
      const id = answer.getCorrelationId()?.getString() ?? '';
      answers.set(id, [...(answers.get(id) ?? []), answer]);
    }
    return answers;
  }

  const outcomesOf = (answers: readonly BatchAppendResp[] = []): readonly unknown[] =>
    answers.map((a) =>
      a.hasSuccess() ? a.getSuccess()?.getCurrentRevision() : a.getError()?.getDetails()?.getTypeName(),
    );

  it('interleaves appends and answers each exactly once, also malformed ones, and drops chunks of none', async () => {
    const [good, typeless, nameless, headless, large, twice] = Array.from({ length: 6 }, () => randomUUID()) as [
      string,
      string,
      string,
      string,
      string,
      string,
    ];
    const huge = message().setData(Buffer.alloc(600_000));
    const answers = await batch(
      chunk(good, false, { options: options(fresh()) }),
      chunk(large, false, { options: options(fresh()), messages: [huge] }),
      chunk(typeless, true, { options: options(fresh()), messages: [message(''), message('')] }),
      chunk(good, false, { messages: [message(), message()] }),
      chunk(headless, false, { messages: [message()] }),
      chunk(large, false, { messages: [huge] }),
      chunk(nameless, true, { options: options(''), messages: [message()] }),
      chunk(large, false, { messages: [huge] }),
      chunk(headless, true, { messages: [message()] }),
      chunk(twice, true, { options: options(fresh()), messages: [message()] }),
      chunk(large, true, { messages: [huge] }),
      chunk(good, true, { messages: [message()] }),
    );
    expect(Object.fromEntries([...answers].map(([id, all]) => [id, outcomesOf(all)]))).toEqual({
      [good]: ['2'],
      [typeless]: ['event_store.client.BadRequest'],
      [nameless]: ['event_store.client.BadRequest'],
      [large]: ['event_store.client.MaximumAppendSizeExceeded'],
      [twice]: ['0'],
    });
    expect([...answers.values()].flat().every((answer) => answer.hasStreamIdentifier())).toBe(true);
  });

  it('ends an append whose last chunk never comes, at its deadline', async () => {
    const call = client.batchAppend();
    const id = randomUUID();
    call.write(chunk(id, false, { options: options(fresh(), Date.now() + 50), messages: [message()] }));
    const answer = await new Promise<BatchAppendResp>((resolve) => call.once('data', resolve));
    expect(outcomesOf([answer])).toEqual(['event_store.client.Timeout']);
    call.on('error', () => undefined);
    call.cancel();
  });

  it('refuses an append whose deadline has come, whatever else is wrong with it', async () => {
    const id = randomUUID();
    const late = options(fresh(), Date.now() - 1);
    late.clearAny();
    const answers = await batch(chunk(id, true, { options: late, messages: [message('')] }));
    expect(outcomesOf(answers.get(id))).toEqual(['event_store.client.Timeout']);
  });

  it('ends an append without a deadline, or with a late one, after two seconds', async () => {
    const call = client.batchAppend();
    const began = Date.now();
    const endless = options(fresh());
    endless.clearDeadline();
    call.write(chunk(randomUUID(), false, { options: endless, messages: [message()] }));
    call.write(chunk(randomUUID(), false, { options: options(fresh(), began + 60_000), messages: [message()] }));
    const answers: BatchAppendResp[] = [];
    await new Promise<void>((resolve) => {
      call.on('data', (answer: BatchAppendResp) => {
        if (answers.push(answer) === 2) resolve();
      });
    });
    expect(outcomesOf(answers)).toEqual(['event_store.client.Timeout', 'event_store.client.Timeout']);
    expect(Date.now() - began).toBeGreaterThanOrEqual(1_900);
    call.on('error', () => undefined);
    call.cancel();
  });

  it('refuses an append without a correlation id, and goes on with the others of its call', async () => {
    const id = randomUUID();
    const nobody = new BatchAppendReq().setOptions(options(fresh())).setIsFinal(true);
    const answers = await batch(nobody, chunk(id, true, { options: options(fresh()), messages: [message()] }));
    expect([...answers].map(([of, all]) => [of, outcomesOf(all)])).toEqual([
      ['', ['event_store.client.BadRequest']],
      [id, ['0']],
    ]);
  });

  function read(change: (o: ReadReq.Options) => void): Promise<ServiceError | undefined> {
    const all = new ReadReq.Options.AllOptions().setStart(new Empty());
    const form = new ReadReq.Options.UUIDOption().setString(new Empty());
    const request = new ReadReq.Options().setAll(all).setUuidOption(form).setNoFilter(new Empty()).setCount('1');
    change(request);
    const call = client.read(new ReadReq().setOptions(request));
    call.resume();
    return new Promise((resolve) => {
      call.on('error', resolve);
      call.on('end', () =>
        setImmediate(() => {
          resolve(undefined);
        }),
      );
    });
  }

  function filtered(o: ReadReq.Options, multiplier: number, regex: string): void {
    const expression = new ReadReq.Options.FilterOptions.Expression().setRegex(regex);
    const filter = new ReadReq.Options.FilterOptions().setEventType(expression).setCount(new Empty());
    o.setFilter(filter.setCheckpointintervalmultiplier(multiplier));
  }

  const { INVALID_ARGUMENT, UNKNOWN } = status;

  it.each<[string, status, (o: ReadReq.Options) => void]>([
    [
      'without a form of ids',
      INVALID_ARGUMENT,
      (o) => {
        o.clearUuidOption();
      },
    ],
    [
      'of nothing',
      INVALID_ARGUMENT,
      (o) => {
        o.clearAll();
      },
    ],
    [
      'that subscribes backwards',
      INVALID_ARGUMENT,
      (o) =>
        o
          .setReadDirection(ReadReq.Options.ReadDirection.BACKWARDS)
          .setSubscription(new ReadReq.Options.SubscriptionOptions()),
    ],
    [
      'with checkpoints every 0 events',
      UNKNOWN,
      (o) => {
        o.setSubscription(new ReadReq.Options.SubscriptionOptions());
        filtered(o, 0, 'x');
      },
    ],
    [
      'with a pattern that explodes',
      INVALID_ARGUMENT,
      (o) => {
        filtered(o, 1, '^(?!b)(a+)+$');
      },
    ],
    [
      'with a pattern that is none',
      UNKNOWN,
      (o) => {
        filtered(o, 1, '(');
      },
    ],
  ])('refuses a read %s', async (_, code, change) => {
    expect((await read(change))?.code).toBe(code);
  });

  it('answers a plain read', async () => {
    expect(await read(() => undefined)).toBeUndefined();
  });

  it.each<[string, AppendReq[], status, string | undefined]>([
    ['without options', [new AppendReq().setProposedMessage(new AppendReq.ProposedMessage())], UNKNOWN, undefined],
    ['of nothing at all', [], UNKNOWN, undefined],
    [
      'without a type',
      [
        new AppendReq().setOptions(new AppendReq.Options().setStreamIdentifier(identifier('s')).setAny(new Empty())),
        new AppendReq().setProposedMessage(new AppendReq.ProposedMessage()),
        new AppendReq().setProposedMessage(new AppendReq.ProposedMessage()),
      ],
      INVALID_ARGUMENT,
      'missing-required-metadata-property',
    ],
  ])('refuses a classic append %s', async (_, requests, code, exception) => {
    const error = await new Promise<ServiceError | null>((resolve) => {
      const call = client.append(new Metadata(), (failure: ServiceError | null, _response: AppendResp) => {
        resolve(failure);
      });
      for (const request of requests) call.write(request);
      call.end();
    });
    expect(error?.code).toBe(code);
    expect(error?.metadata.getMap()['exception']).toBe(exception);
  });

  it('answers an unknown method and a message that is no protobuf with an error for that call only', async () => {
    const raw = (path: string, body: Buffer): Promise<ServiceError | null> =>
      new Promise((resolve) => {
        client.makeUnaryRequest(
          path,
          (b: Buffer) => b,
          (b: Buffer) => b,
          body,
          (error) => {
            resolve(error);
          },
        );
      });
    expect((await raw('/event_store.client.streams.Streams/Nonsense', Buffer.alloc(0)))?.code).toBe(
      status.UNIMPLEMENTED,
    );
    expect((await raw('/event_store.client.streams.Streams/Delete', Buffer.from('ff'.repeat(40), 'hex')))?.code).toBe(
      status.INTERNAL,
    );
    expect(await read(() => undefined)).toBeUndefined();
  });
});
