import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect as connectHttp2, constants, type ClientHttp2Session, type ClientHttp2Stream } from 'node:http2';
import { connect as connectTcp, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { Empty } from '@eventstore/db-client/generated/shared_pb';
import { ReadReq } from '@eventstore/db-client/generated/streams_pb';
import {
  startEmbeddedEventStore,
  temporaryDirectory,
  type EmbeddedEventStore,
} from '../../../../test/support/embedded-eventstore';
import { Dice } from '../faults/dice';
import { fresh, noted, revisions } from '../testing/client';
import { WireFuzzer } from './fuzz-wire';

const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
const ROUNDS = Number(process.env['FUZZ_ROUNDS'] ?? 200);
const MIB = 1024 * 1024;

describe('a client that misbehaves', () => {
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  let server: EmbeddedEventStore;
  let client: EventStoreDBClient;

  beforeAll(async () => {
    directory = await temporaryDirectory();
    server = await startEmbeddedEventStore({ directory: directory.path });
    client = EventStoreDBClient.connectionString(server.url);
  });
  afterAll(async () => {
    await client.dispose();
    await server.stop();
    await directory.remove();
  });

  /** Resident memory of the server, in bytes. */
  const memory = (): number => {
    const kib = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${String(server.pid)}/status`, 'utf8'))?.[1];
    return Number(kib) * 1024;
  };

  /** Somebody else is served as if nothing was. */
  async function othersAreServed(): Promise<void> {
    const stream = fresh();
    await client.appendToStream(stream, noted(1));
    expect(await revisions(client.readStream(stream))).toEqual([0n]);
  }

  it(`hurts nobody else with ${String(ROUNDS)} pieces of nonsense (SEED=${String(SEED)})`, async () => {
    const fuzzer = new WireFuzzer(server.port, new Dice(SEED));
    for (let round = 0; round < ROUNDS; round += 1) {
      await fuzzer.attack();
      if (round % 50 === 0) await othersAreServed();
    }
    await othersAreServed();
    expect(memory()).toBeLessThan(400 * MIB);
  }, 3_600_000);

  it('is not buffered for when it never reads', async () => {
    const text = 'x'.repeat(900_000);
    for (let n = 0; n < 120; n += 1) await client.appendToStream('large', jsonEvent({ type: 'large', data: { text } }));
    const before = memory();
    const sessions = Array.from({ length: 10 }, session);
    try {
      await Promise.all(sessions.map((each) => started(each)));
      await othersAreServed();
      // A gigabyte is asked for. Each has a page and a window on the way, and the collector may be late with what was read for it.
      expect(memory() - before).toBeLessThan(300 * MIB);
    } finally {
      for (const each of sessions) each.destroy();
    }
    await othersAreServed();
  });

  const session = (): ClientHttp2Session => {
    const opened = connectHttp2(`http://127.0.0.1:${String(server.port)}`, { maxSessionMemory: 1_000 });
    opened.on('error', () => undefined);
    return opened;
  };

  const call = (on: ClientHttp2Session, method: string): ClientHttp2Stream => {
    const stream = on.request({
      [constants.HTTP2_HEADER_METHOD]: 'POST',
      [constants.HTTP2_HEADER_PATH]: `/event_store.client.streams.Streams/${method}`,
      [constants.HTTP2_HEADER_CONTENT_TYPE]: 'application/grpc',
      [constants.HTTP2_HEADER_TE]: 'trailers',
    });
    stream.on('error', () => undefined);
    return stream;
  };

  const framed = (bytes: number): Buffer => {
    const header = Buffer.alloc(5);
    header.writeUInt32BE(bytes, 1);
    return header;
  };

  /** Asks for everything, and reads nothing of the answer. */
  async function started(on: ClientHttp2Session): Promise<void> {
    const all = new ReadReq.Options.AllOptions().setStart(new Empty());
    const form = new ReadReq.Options.UUIDOption().setString(new Empty());
    const options = new ReadReq.Options().setAll(all).setUuidOption(form).setNoFilter(new Empty());
    const body = Buffer.from(new ReadReq().setOptions(options.setCount('1000000')).serializeBinary());
    const stream = call(on, 'Read');
    const answered = once(stream, 'response');
    stream.end(Buffer.concat([framed(body.length), body]));
    await answered;
  }

  it('is not waited for with all that it began to send, when that is too much', async () => {
    const before = memory();
    const sessions = Array.from({ length: 6 }, session);
    // Six hundred megabytes, of messages that are never whole.
    const streams = sessions.flatMap((each) => Array.from({ length: 10 }, () => call(each, 'BatchAppend')));
    let refused = 0;
    try {
      const sent = streams.map((stream) => {
        const ended = new Promise<void>((resolve) => {
          stream.on('response', ({ 'grpc-status': status }) => (refused += status === '8' ? 1 : 0));
          stream.on('close', resolve);
          stream.resume();
        });
        stream.write(framed(16 * MIB));
        const taken = new Promise<void>((resolve) => {
          stream.write(Buffer.alloc(10 * MIB), () => {
            resolve();
          });
        });
        return Promise.race([taken, ended]);
      });
      await Promise.all(sent);
      await othersAreServed();
      // what is sent need not have arrived: a server that is behind refuses it later
      for (let looks = 0; refused <= 30 && looks < 300; looks += 1) await sleep(100);
      expect(refused).toBeGreaterThan(30);
      expect(memory() - before).toBeLessThan(350 * MIB);
    } finally {
      for (const each of sessions) each.destroy();
    }
    await othersAreServed();
  });

  const connected = (): Promise<Socket> =>
    new Promise((resolve) => {
      const socket = connectTcp(server.port, '127.0.0.1', () => {
        resolve(socket);
      });
      socket.on('error', () => undefined);
    });

  it('may open hundreds of connections and say nothing', async () => {
    const sockets = await Promise.all(Array.from({ length: 300 }, connected));
    await othersAreServed();
    for (const socket of sockets) socket.destroy();
    await othersAreServed();
  });

  it('may not open as many connections as it likes', async () => {
    const sockets = await Promise.all(Array.from({ length: 1_100 }, connected));
    await new Promise<void>((resolve) => {
      let closed = 0;
      const note = (): void => {
        closed += 1;
        if (closed === 100) resolve();
      };
      for (const socket of sockets) socket.once('close', note).resume();
    });
    await othersAreServed();
    for (const socket of sockets) socket.destroy();
    const another = EventStoreDBClient.connectionString(server.url);
    await another.appendToStream(fresh(), noted(1));
    await another.dispose();
  });
});
