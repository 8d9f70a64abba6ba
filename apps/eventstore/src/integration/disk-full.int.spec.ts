import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EventStoreDBClient, binaryEvent } from '@eventstore/db-client';
import {
  startEmbeddedEventStore,
  temporaryDirectory,
  type EmbeddedEventStore,
} from '../../../../test/support/embedded-eventstore';
import { RESERVE_FILE } from '@cairn/os';
import { fresh, noted, revisions } from '../testing/client';
import { askMetrics, sample } from '../testing/metrics';
import { freePort } from '../testing/free-port';

const REPOSITORY = resolve(__dirname, '../../../..');
const SIZE = '24m';

/** Mounts a small file system of its own; false where this machine does not let us. */
function mounted(path: string): boolean {
  mkdirSync(path);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE}`, 'tmpfs', path], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describe('a full disk', () => {
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  let server: EmbeddedEventStore;
  let client: EventStoreDBClient;
  let path: string;
  let small: boolean;
  let metricsPort: number;

  beforeAll(async () => {
    directory = await temporaryDirectory();
    path = join(directory.path, 'small');
    small = mounted(path);
    if (!small) process.stdout.write('a full disk: no file system can be mounted here, so this is not tested\n');
    metricsPort = await freePort();
    const args = ['--metrics-port', String(metricsPort)];
    server = await startEmbeddedEventStore({ directory: join(path, 'log'), args });
    client = EventStoreDBClient.connectionString(server.url);
  });
  afterAll(async () => {
    await client.dispose();
    await server.stop();
    if (small) execFileSync('umount', [path]);
    await directory.remove();
  });

  const reserved = (): number => statSync(join(path, 'log', RESERVE_FILE), { throwIfNoEntry: false })?.size ?? 0;
  const readOnly = async (): Promise<number | undefined> =>
    sample((await askMetrics(metricsPort)).text, 'cairn_eventstore_read_only');

  it('makes the store read-only with a clear error, and it takes writes again when there is space', async () => {
    if (!small) return;
    const stream = fresh();
    await client.appendToStream(stream, noted(0));
    while (reserved() < 1024 * 1024) await sleep(20);
    writeFileSync(join(path, 'ballast'), Buffer.alloc(16 * 1024 * 1024));
    const large = () => binaryEvent({ type: 'large', data: Buffer.alloc(512 * 1024, 1) });
    let acknowledged = 1;
    const failure = await (async () => {
      for (;;) {
        try {
          await client.appendToStream(stream, large());
          acknowledged += 1;
        } catch (error) {
          return error;
        }
      }
    })();
    expect(String(failure)).toMatch(/no space is left for the log/);
    expect(await readOnly()).toBe(1);
    expect(reserved()).toBe(0);

    expect((await revisions(client.readStream(stream))).length).toBe(acknowledged);
    rmSync(join(path, 'ballast'));
    await expect(client.appendToStream(stream, large())).resolves.toMatchObject({
      nextExpectedRevision: BigInt(acknowledged),
    });
    expect(await readOnly()).toBe(0);
    expect((await revisions(client.readStream(stream))).length).toBe(acknowledged + 1);
  });

  it('is met by a limit on the size of files, too', async () => {
    const other = await temporaryDirectory();
    const command = `ulimit -f 3000 && exec "$0" -r esbuild-register apps/eventstore/src/main.ts --dir "$1" --port 0`;
    const child: ChildProcess = spawn('bash', ['-c', command, process.execPath, other.path], {
      cwd: REPOSITORY,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exited = once(child, 'exit');
    const url = await new Promise<string>((found) => {
      let output = '';
      child.stdout?.on('data', (chunk: Buffer) => {
        output += chunk.toString();
        const port = /ready on .*:(\d+)/.exec(output)?.[1];
        if (port !== undefined) found(`esdb://127.0.0.1:${port}?tls=false`);
      });
    });
    const limited = EventStoreDBClient.connectionString(url);
    const stream = fresh();
    let acknowledged = 0;
    const failure = await (async () => {
      for (;;) {
        try {
          await limited.appendToStream(stream, binaryEvent({ type: 'large', data: Buffer.alloc(256 * 1024, 1) }));
          acknowledged += 1;
        } catch (error) {
          return error;
        }
      }
    })();
    expect(failure).toBeInstanceOf(Error);
    expect((await revisions(limited.readStream(stream))).length).toBe(acknowledged);
    await limited.dispose();
    child.kill('SIGTERM');
    await exited;
    await other.remove();
  });
});
