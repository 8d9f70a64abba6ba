import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { EventStoreDBClient, binaryEvent } from '@eventstore/db-client';
import { Database } from '@cairn/sqlite';
import {
  startEmbeddedEventStore,
  temporaryDirectory,
  type EmbeddedEventStore,
} from '../../../../test/support/embedded-eventstore';
import { LOG_FILE } from '../log/schema';
import { noted, notedUpTo } from '../testing/client';
import { SecureStore } from '../testing/secure-store';

const REPOSITORY = resolve(__dirname, '../../../..');
const CLI = join('apps', 'eventstore', 'src', 'cli', 'main.ts');
const run = promisify(execFile);

interface Ended {
  readonly status: number;
  readonly output: string;
}

async function cli(...args: readonly string[]): Promise<Ended> {
  try {
    const { stdout, stderr } = await run(process.execPath, ['-r', 'esbuild-register', CLI, ...args], {
      cwd: REPOSITORY,
    });
    return { status: 0, output: stdout + stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { status: code, output: stdout + stderr };
  }
}

describe('the operator’s commands for the log', () => {
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  let server: EmbeddedEventStore;
  let client: EventStoreDBClient;
  let path: string;
  const at = (name: string): string => join(directory.path, name);

  beforeAll(async () => {
    directory = await temporaryDirectory();
    path = at('log');
    server = await startEmbeddedEventStore({ directory: path });
    client = EventStoreDBClient.connectionString(server.url);
    for (let s = 0; s < 4; s += 1) await client.appendToStream(`thing-${String(s)}`, notedUpTo(30));
    await client.appendToStream('поток', [
      binaryEvent({ type: 'b', data: Buffer.from([0, 1, 255]), metadata: Buffer.from([7]) }),
      noted(1),
    ]);
    await client.setStreamMetadata('thing-1', { maxCount: 5 });
  });
  afterAll(async () => {
    await client.dispose();
    await server.stop();
    await directory.remove();
  });

  it('signs, verifies, scavenges and backs up a log whose store runs', async () => {
    expect((await cli('checkpoint', '--dir', path, at('checkpoint.json'))).status).toBe(0);
    expect((await cli('public-key', '--dir', path, at('key.pem'))).status).toBe(0);
    await client.appendToStream('thing-0', noted(99));
    expect(await cli('scavenge', '--url', server.url)).toMatchObject({ status: 0 });
    const check = ['--checkpoint', at('checkpoint.json'), '--public-key', at('key.pem')];
    const verified = await cli('verify', '--dir', path, ...check);
    expect(verified.output).toMatch(/the digests of 25 scavenged ones.*\n.*\n.*continues what was signed/);
    expect(verified.status).toBe(0);
    expect((await cli('backup', '--dir', path, at('backup'))).output).toMatch(/^copied \d+ events, verified/);
    await client.appendToStream('thing-0', noted(100));
    expect((await cli('backup', '--dir', path, at('backup'))).output).toMatch(/^copied 1 events, verified/);
    expect((await cli('verify', '--dir', at('backup'), ...check)).status).toBe(0);
    expect(await cli('restore', '--dir', path, at('backup'))).toMatchObject({ status: 1 });
    expect((await cli('restore', '--dir', at('restored'), at('backup'))).output).toMatch(/is now in epoch 2/);
    expect((await cli('verify', '--dir', at('restored'), ...check)).status).toBe(0);
  });

  it('ask a store with TLS and users as its administrator, and are refused as nobody', async () => {
    const store = await SecureStore.start();
    try {
      await store.admin().appendToStream('kept', notedUpTo(9));
      await store.admin().setStreamMetadata('kept', { maxCount: 2 });
      const asNobody = ['--url', store.url, '--ca-file', store.caFile];
      const asAdmin = [...asNobody, '--user', 'admin', '--password-file', store.passwordFile];
      expect(await cli('scavenge', ...asNobody)).toMatchObject({ status: 1, output: /denied/ });
      expect(await cli('scavenge', ...asAdmin)).toMatchObject({ status: 0 });
    } finally {
      await store.stop();
    }
  });

  it('names the first broken event of a log that was changed', async () => {
    await cli('backup', '--dir', path, at('forged'));
    const db = new Database(join(at('forged'), LOG_FILE));
    const [row] = db
      .prepare<[], { pos: number }>(
        "SELECT pos FROM events JOIN streams USING (sid) WHERE name = 'thing-2' AND rev = 7",
      )
      .all();
    db.exec(
      "UPDATE events SET data = x'7b7d' WHERE pos = (SELECT pos FROM events JOIN streams USING (sid) WHERE name = 'thing-2' AND rev = 7)",
    );
    db.close();
    const { status, output } = await cli('verify', '--dir', at('forged'));
    expect(status).toBe(1);
    expect(output).toContain(`BROKEN damaged log: the event at position ${String(row?.pos)} (thing-2, revision 7)`);
  });

  it('says what is wrong with a command', async () => {
    expect((await cli('nonsense')).status).toBe(2);
    expect((await cli('verify')).output).toContain('--dir is missing');
    expect((await cli('verify', '--dir', at('nothing'))).output).toContain('there is no log in');
  });
});
