import { connect as connectHttp2, type ClientHttp2Session } from 'node:http2';
import { connect as connectTcp } from 'node:net';
import { randomUUID } from 'node:crypto';
import { Empty, StreamIdentifier, UUID } from '@eventstore/db-client/generated/shared_pb';
import { AppendReq, BatchAppendReq, DeleteReq, ReadReq } from '@eventstore/db-client/generated/streams_pb';
import type { Dice } from '../faults/dice';

/** Longest wait for a server to react to one piece of nonsense. */
const PATIENCE_MS = 500;
const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
const STREAMS = '/event_store.client.streams.Streams/';
const METHODS = ['Append', 'BatchAppend', 'Read', 'Delete', 'Tombstone', 'Nonsense', '', '../Read'];

/** Sends nonsense to a server: bytes, HTTP/2 frames, and calls with messages that are random or nearly right. */
export class WireFuzzer {
  constructor(
    private readonly port: number,
    private readonly dice: Dice,
  ) {}

  /** One attack; resolves when the server has reacted. It is none of this one's business how. */
  async attack(): Promise<void> {
    const kind = this.dice.upTo(10);
    if (kind === 0) await this.tcp(this.bytes(2_000));
    else if (kind < 3) await this.tcp(Buffer.concat([PREFACE, ...this.frames()]));
    else await this.call();
  }

  private async tcp(bytes: Buffer): Promise<void> {
    const socket = connectTcp(this.port, '127.0.0.1');
    await patiently(
      new Promise<void>((resolve) => {
        socket.on('error', () => undefined);
        socket.on('close', () => {
          resolve();
        });
        socket.resume();
        socket.end(bytes);
      }),
    );
    socket.destroy();
  }

  private frames(): Buffer[] {
    return Array.from({ length: 1 + this.dice.upTo(8) }, () => {
      const payload = this.bytes(200);
      const header = Buffer.alloc(9);
      header.writeUIntBE(this.dice.falls(0.8) ? payload.length : this.dice.upTo(2 ** 24), 0, 3);
      header[3] = this.dice.upTo(12);
      header[4] = this.dice.upTo(256);
      header.writeUInt32BE(this.dice.upTo(8), 5);
      return Buffer.concat([header, payload]);
    });
  }

  private async call(): Promise<void> {
    const session: ClientHttp2Session = connectHttp2(`http://127.0.0.1:${String(this.port)}`);
    session.on('error', () => undefined);
    const method = METHODS[this.dice.upTo(METHODS.length)] ?? '';
    const stream = session.request({
      ':method': this.dice.falls(0.95) ? 'POST' : 'GET',
      ':path': STREAMS + method,
      'content-type': this.dice.falls(0.95) ? 'application/grpc' : 'text/plain',
      te: 'trailers',
      ...(this.dice.falls(0.1) ? { 'grpc-timeout': this.bytes(8).toString('hex') } : {}),
      ...(this.dice.falls(0.1) ? { 'grpc-encoding': 'gzip' } : {}),
    });
    await patiently(
      new Promise<void>((resolve) => {
        for (const event of ['data', 'end', 'close'] as const) {
          stream.on(event, () => {
            resolve();
          });
        }
        stream.on('error', () => undefined);
        stream.end(Buffer.concat(Array.from({ length: 1 + this.dice.upTo(3) }, () => this.message())));
      }),
    );
    session.destroy();
  }

  /** One message with gRPC's header of five bytes, which may lie. */
  private message(): Buffer {
    const body = this.dice.falls(0.3) ? this.bytes(500) : this.mutated(this.valid());
    const header = Buffer.alloc(5);
    header[0] = this.dice.falls(0.05) ? this.dice.upTo(256) : 0;
    header.writeUInt32BE(this.dice.falls(0.95) ? body.length : this.dice.upTo(2 ** 31), 1);
    return Buffer.concat([header, body]);
  }

  private valid(): Buffer {
    const stream = new StreamIdentifier().setStreamName(Buffer.from(`fuzz-${String(this.dice.upTo(10))}`));
    const id = new UUID().setString(randomUUID());
    const event = new BatchAppendReq.ProposedMessage().setId(id).setData(this.bytes(50));
    event.getMetadataMap().set('type', 'fuzz').set('content-type', 'application/json');
    const all = new ReadReq.Options.AllOptions().setStart(new Empty());
    const form = new ReadReq.Options.UUIDOption().setString(new Empty());
    const read = new ReadReq.Options().setAll(all).setUuidOption(form).setNoFilter(new Empty()).setCount('5');
    const requests = [
      new AppendReq().setOptions(new AppendReq.Options().setStreamIdentifier(stream).setAny(new Empty())),
      new BatchAppendReq()
        .setCorrelationId(id)
        .setOptions(new BatchAppendReq.Options().setStreamIdentifier(stream).setAny(new Empty()))
        .setProposedMessagesList([event])
        .setIsFinal(this.dice.falls(0.5)),
      new ReadReq().setOptions(read),
      new DeleteReq().setOptions(new DeleteReq.Options().setStreamIdentifier(stream).setAny(new Empty())),
    ];
    return Buffer.from(requests[this.dice.upTo(requests.length)]?.serializeBinary() ?? []);
  }

  private mutated(message: Buffer): Buffer {
    const bytes = [...message];
    for (let n = this.dice.upTo(4); n > 0; n -= 1) {
      const at = this.dice.upTo(bytes.length + 1);
      const change = this.dice.upTo(4);
      if (change < 2) bytes[at] = this.dice.upTo(256);
      else if (change === 2) bytes.splice(at, 1 + this.dice.upTo(5));
      else bytes.splice(at, 0, ...this.bytes(5));
    }
    return Buffer.from(bytes);
  }

  private bytes(most: number): Buffer {
    return Buffer.from(Array.from({ length: this.dice.upTo(most) }, () => this.dice.upTo(256)));
  }
}

async function patiently(reaction: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, PATIENCE_MS);
  });
  await Promise.race([reaction, patience]);
  clearTimeout(timer);
}
