import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { EventStoreDBClient, UnavailableError } from '@eventstore/db-client';
import {
  startEmbeddedEventStore,
  temporaryDirectory,
  type EmbeddedEventStore,
} from '../../../../test/support/embedded-eventstore';
import { fresh, noted, notedUpTo, revisions, takeUntil } from '../testing/client';
import { freePort } from '../testing/free-port';

const run = promisify(execFile);
const MAIN = join(__dirname, '..', 'main.ts');

/** Runs the server with arguments that it should refuse; resolves to what it said. */
async function refusal(...args: readonly string[]): Promise<{ readonly code: unknown; readonly stderr: string }> {
  try {
    await run(process.execPath, ['-r', 'esbuild-register', MAIN, ...args], { timeout: 30_000 });
  } catch (error) {
    const { code, stderr } = error as { code: unknown; stderr: string };
    return { code, stderr };
  }
  throw new Error('the server did not refuse');
}

/** What works in the end, while a server starts. */
async function eventually<T>(attempt: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(100);
    }
  }
}

describe('the server process', () => {
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  let server: EmbeddedEventStore;
  let client: EventStoreDBClient;

  beforeEach(async () => {
    directory = await temporaryDirectory();
    server = await startEmbeddedEventStore({ directory: directory.path });
    client = EventStoreDBClient.connectionString(server.url);
  });
  afterEach(async () => {
    await client.dispose();
    await server.stop();
    await directory.remove();
  });

  it('refuses a directory that a running server has, and leaves that one alone', async () => {
    const { code, stderr } = await refusal('--dir', directory.path, '--port', '0');
    expect(code).toBe(1);
    expect(stderr).toContain(`another event store is running on ${directory.path}`);
    await expect(client.appendToStream(fresh(), noted(1))).resolves.toMatchObject({ success: true });
  });

  it.each([
    [['--host', '0.0.0.0'], /loopback only/],
    [['--host', '192.0.2.1'], /loopback only/],
    [['--host', '::'], /loopback only/],
    [['--port', 'x'], /--port must be/],
    [['--port', '70000'], /--port must be/],
    [['--max-append-size', '0'], /--max-append-size must be/],
    [['--faults', 'seed=1'], /CAIRN_ALLOW_FAULTS=yes/],
    [['--nonsense'], /--nonsense/],
  ])('refuses %j', async (args, reason) => {
    const other = await temporaryDirectory();
    const { code, stderr } = await refusal('--dir', other.path, ...args);
    await other.remove();
    expect(code).toBe(1);
    expect(stderr).toMatch(reason);
  });

  it('refuses to run without a directory, or on a port that is taken', async () => {
    expect((await refusal('--port', '0')).stderr).toMatch(/--dir is missing/);
    const other = await temporaryDirectory();
    expect((await refusal('--dir', other.path, '--port', String(server.port))).stderr).toMatch(/EADDRINUSE/);
    await other.remove();
  });

  it('goes on when nothing that it says can be written', async () => {
    const other = await temporaryDirectory();
    const port = await freePort();
    const command = `exec "$0" -r esbuild-register "$1" --dir "$2" --port "$3" >/dev/full 2>&1`;
    const child = spawn('bash', ['-c', command, process.execPath, MAIN, other.path, String(port)], { stdio: 'ignore' });
    const exited = once(child, 'exit');
    const silent = EventStoreDBClient.connectionString(`esdb://127.0.0.1:${String(port)}?tls=false`);
    await expect(eventually(() => silent.appendToStream(fresh(), noted(1)))).resolves.toMatchObject({ success: true });
    child.kill('SIGTERM');
    expect(await exited).toEqual([0, null]);
    await silent.dispose();
    await other.remove();
  });

  it('goes on when it has no descriptor left for a connection', async () => {
    const other = await temporaryDirectory();
    const port = await freePort();
    const command = `ulimit -n 60 && exec "$0" -r esbuild-register "$1" --dir "$2" --port "$3"`;
    const child = spawn('bash', ['-c', command, process.execPath, MAIN, other.path, String(port)], { stdio: 'ignore' });
    const exited = once(child, 'exit');
    const poor = EventStoreDBClient.connectionString(`esdb://127.0.0.1:${String(port)}?tls=false`);
    await eventually(() => poor.appendToStream(fresh(), noted(1)));
    const idle = Array.from({ length: 200 }, () => createConnection(port, '127.0.0.1').on('error', () => undefined));
    await expect(poor.appendToStream(fresh(), noted(2))).resolves.toMatchObject({ success: true });
    for (const connection of idle) connection.destroy();
    const late = EventStoreDBClient.connectionString(`esdb://127.0.0.1:${String(port)}?tls=false`);
    await expect(eventually(() => late.appendToStream(fresh(), noted(3)))).resolves.toMatchObject({ success: true });
    child.kill('SIGTERM');
    expect(await exited).toEqual([0, null]);
    await Promise.all([poor.dispose(), late.dispose()]);
    await other.remove();
  });

  it('has after a restart what it had before', async () => {
    const stream = fresh();
    const events = notedUpTo(50);
    const before = await client.appendToStream(stream, events, { expectedRevision: 'no_stream' });
    expect(await server.stop()).toBe(0);
    server = await startEmbeddedEventStore({ directory: directory.path, port: server.port });
    const again = EventStoreDBClient.connectionString(server.url);
    expect(await revisions(again.readStream(stream))).toEqual(Array.from({ length: 50 }, (_, n) => BigInt(n)));
    expect(await again.appendToStream(stream, events, { expectedRevision: 'no_stream' })).toEqual(before);
    expect(await again.appendToStream(stream, events)).toEqual(before);
    await again.dispose();
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('ends its calls on %s as a client expects', async (signal) => {
    await client.appendToStream(fresh(), noted(1));
    const subscription = client.subscribeToAll();
    const events = subscription[Symbol.asyncIterator]();
    await takeUntil(events, ({ event }) => event?.type === 'test.noted.v1');
    // The writers' own events still arrive before the end.
    const ended = expect(takeUntil(events, () => false)).rejects.toBeInstanceOf(UnavailableError);
    let stopped = false;
    const writers = Array.from({ length: 20 }, async () => {
      for (;;) {
        try {
          await client.appendToStream(fresh(), noted(1));
        } catch (error) {
          if (stopped) return error;
          throw error;
        }
      }
    });
    stopped = true;
    expect(await server.stop(signal)).toBe(0);
    await ended;
    for (const error of await Promise.all(writers)) {
      // In flight: ended with the stream. Sent later: nobody listens any more.
      expect(error instanceof UnavailableError || (error as { code?: number }).code === 14).toBe(true);
    }
  });
});
