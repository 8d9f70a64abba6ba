import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect, constants, type ClientHttp2Session, type ClientHttp2Stream } from 'node:http2';
import { status } from '@grpc/grpc-js';
import { Empty, StreamIdentifier, UUID } from '@eventstore/db-client/generated/shared_pb';
import { AppendReq, DeleteReq, ReadReq, ReadResp, TombstoneReq } from '@eventstore/db-client/generated/streams_pb';
import {
  startEmbeddedEventStore,
  temporaryDirectory,
  type EmbeddedEventStore,
} from '../../../../test/support/embedded-eventstore';
import { fresh } from '../testing/client';

/** More than a client may send before the server reads: its writing waits until somebody lets go of it. */
const BEYOND_THE_WINDOW = 300_000;

/** What a call came to, frame by frame. */
interface Ending {
  readonly httpStatus: number;
  /** In the headers where nothing was answered, else in the trailers. */
  readonly grpcStatus: string | undefined;
  readonly messages: readonly Buffer[];
  /** Of the RST_STREAM that ended it, or of none. */
  readonly reset: number;
}

const framed = (message: { serializeBinary(): Uint8Array }): Buffer => {
  const body = Buffer.from(message.serializeBinary());
  const header = Buffer.alloc(5);
  header.writeUInt32BE(body.length, 1);
  return Buffer.concat([header, body]);
};

const identifier = (stream: string): StreamIdentifier => new StreamIdentifier().setStreamName(Buffer.from(stream));

/** What official clients in other languages depend on beyond messages and statuses. */
describe('the frames of a call', () => {
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  let server: EmbeddedEventStore;
  let session: ClientHttp2Session;

  beforeAll(async () => {
    directory = await temporaryDirectory();
    server = await startEmbeddedEventStore({ directory: directory.path });
    session = connect(`http://127.0.0.1:${String(server.port)}`);
  });
  afterAll(async () => {
    session.close();
    await server.stop();
    await directory.remove();
  });

  function open(method: string): ClientHttp2Stream {
    return session.request({
      ':method': 'POST',
      ':path': `/event_store.client.streams.Streams/${method}`,
      'content-type': 'application/grpc',
      te: 'trailers',
    });
  }

  async function ending(call: ClientHttp2Stream): Promise<Ending> {
    let headers: Readonly<Record<string, unknown>> = {};
    let trailers: Readonly<Record<string, unknown>> = {};
    const pieces: Buffer[] = [];
    call.on('response', (given) => {
      headers = given;
    });
    call.on('trailers', (given: Readonly<Record<string, unknown>>) => {
      trailers = given;
    });
    call.on('data', (piece: Buffer) => pieces.push(piece));
    call.on('error', () => undefined);
    await new Promise<void>((resolve) => {
      call.once('close', resolve);
    });
    const said = headers['grpc-status'] ?? trailers['grpc-status'];
    return {
      httpStatus: Number(headers[':status']),
      grpcStatus: typeof said === 'string' ? said : undefined,
      messages: messagesIn(Buffer.concat(pieces)),
      reset: call.rstCode,
    };
  }

  function messagesIn(bytes: Buffer): readonly Buffer[] {
    const messages: Buffer[] = [];
    for (let offset = 0; offset < bytes.length;) {
      const end = offset + 5 + bytes.readUInt32BE(offset + 1);
      messages.push(bytes.subarray(offset + 5, end));
      offset = end;
    }
    return messages;
  }

  async function unary(method: string, message: { serializeBinary(): Uint8Array }): Promise<Ending> {
    const call = open(method);
    call.end(framed(message));
    return ending(call);
  }

  const options = (stream: string): AppendReq.Options =>
    new AppendReq.Options().setStreamIdentifier(identifier(stream)).setAny(new Empty());

  const proposed = (): AppendReq => {
    const message = new AppendReq.ProposedMessage();
    message.getMetadataMap().set('type', 'noted.v1').set('content-type', 'application/json');
    return new AppendReq().setProposedMessage(message);
  };

  it.each<[string, status, readonly Buffer[]]>([
    ['without options', status.UNKNOWN, [framed(proposed())]],
    [
      'of an event without an id',
      status.UNKNOWN,
      [framed(new AppendReq().setOptions(options('s'))), framed(proposed())],
    ],
    [
      'of an event without a type',
      status.INVALID_ARGUMENT,
      [
        framed(new AppendReq().setOptions(options('s'))),
        framed(new AppendReq().setProposedMessage(new AppendReq.ProposedMessage())),
      ],
    ],
    ['of a message that is larger than any may be', status.RESOURCE_EXHAUSTED, [Buffer.from([0, 1, 0, 0, 0, 0])]],
  ])('refuses an append %s at once, and lets go of what its client has not sent yet', async (_, code, frames) => {
    const call = open('Append');
    for (const frame of frames) call.write(frame);
    call.write(Buffer.alloc(BEYOND_THE_WINDOW)); // the call is never ended
    expect(await ending(call)).toEqual({
      httpStatus: 200,
      grpcStatus: String(code),
      messages: [],
      reset: constants.NGHTTP2_NO_ERROR,
    });
  });

  function read(stream: string, more: (options: ReadReq.Options) => void): Promise<Ending> {
    const from = new ReadReq.Options.StreamOptions().setStreamIdentifier(identifier(stream)).setRevision('7');
    const wanted = new ReadReq.Options()
      .setStream(from)
      .setCount('10')
      .setNoFilter(new Empty())
      .setUuidOption(new ReadReq.Options.UUIDOption().setStructured(new Empty()))
      .setControlOption(new ReadReq.Options.ControlOption().setCompatibility(1));
    more(wanted);
    return unary('Read', new ReadReq().setOptions(wanted));
  }

  async function append(stream: string): Promise<void> {
    const call = open('Append');
    const event = proposed();
    event.getProposedMessage()?.setId(new UUID().setString(randomUUID()));
    call.write(framed(new AppendReq().setOptions(options(stream))));
    call.end(framed(event));
    expect((await ending(call)).grpcStatus).toBe(String(status.OK));
  }

  it("ends a read that finds no events with the stream's bounds, never without a message", async () => {
    const stream = fresh();
    await append(stream);
    const found = await read(stream, () => undefined);
    const said = found.messages.map((message) => ReadResp.deserializeBinary(message).toObject());
    expect(said).toMatchObject([{ firstStreamPosition: '1' }, { lastStreamPosition: '0' }]);
    expect(found.grpcStatus).toBe(String(status.OK));
    const backwards = await read(stream, (wanted) => {
      wanted.setReadDirection(ReadReq.Options.ReadDirection.BACKWARDS).getStream()?.setRevision('0');
    });
    expect(backwards.messages.map((message) => ReadResp.deserializeBinary(message).hasEvent())).toEqual([true, false]);
    const missing = await read(fresh(), () => undefined);
    expect(missing.messages.map((message) => ReadResp.deserializeBinary(message).hasStreamNotFound())).toEqual([true]);
  });

  it.each<[string, readonly Buffer[]]>([
    ['nothing', []],
    ['half a message', [Buffer.from([0, 0, 0, 1, 0, 7])]],
    ['a whole one', [framed(new ReadReq())]],
  ])('goes on when a client gives up a call before it is answered, having sent %s', async (_, frames) => {
    for (const code of [constants.NGHTTP2_CANCEL, constants.NGHTTP2_NO_ERROR]) {
      const calls = Array.from({ length: 20 }, () => open('Append'));
      for (const call of calls) {
        for (const frame of frames) call.write(frame);
        call.on('error', () => undefined).close(code);
      }
      await Promise.all(calls.map((call) => ending(call)));
    }
    const missing = await read(fresh(), () => undefined);
    expect(missing.grpcStatus).toBe(String(status.OK));
  });

  it('fails with HTTP 500 where it would have to name a stream in trailers, which are ASCII', async () => {
    const stream = `${fresh()}-ü`;
    const refused = new DeleteReq.Options().setStreamIdentifier(identifier(stream)).setRevision('7');
    expect(await unary('Delete', new DeleteReq().setOptions(refused))).toMatchObject({
      httpStatus: 500,
      grpcStatus: undefined,
      reset: constants.NGHTTP2_NO_ERROR,
    });
  });

  it('resets a call that was answered already, where its end would have to name such a stream', async () => {
    const stream = `${fresh()}-ü`;
    const start = new ReadReq.Options.StreamOptions().setStreamIdentifier(identifier(stream)).setStart(new Empty());
    const wanted = new ReadReq.Options()
      .setStream(start)
      .setSubscription(new ReadReq.Options.SubscriptionOptions())
      .setNoFilter(new Empty())
      .setUuidOption(new ReadReq.Options.UUIDOption().setStructured(new Empty()));
    const call = open('Read');
    call.end(framed(new ReadReq().setOptions(wanted)));
    const ended = ending(call);
    await once(call, 'response');
    const burial = new TombstoneReq.Options().setStreamIdentifier(identifier(stream)).setAny(new Empty());
    await unary('Tombstone', new TombstoneReq().setOptions(burial));
    expect(await ended).toMatchObject({
      httpStatus: 200,
      grpcStatus: undefined,
      reset: constants.NGHTTP2_INTERNAL_ERROR,
    });
  });
});
