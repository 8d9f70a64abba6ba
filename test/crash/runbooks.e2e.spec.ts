import { Database } from '@cairn/sqlite';
import { cpSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { urlFor } from '../../apps/eventstore/src/testing/logins';
import { ADMIN_PASSWORD, SecureStore } from '../../apps/eventstore/src/testing/secure-store';
import { Cloud, DEMO, eventually } from '../e2e/cloud';
import { describeWhere } from '../support/describe-where';
import { realStore, type RealStore, storeAt } from '../support/real-store';

/** An EventStoreDB, one node or a cluster, without a log of Cairn's: this test's stays in it. */
const REAL = realStore('CAIRN_TEST_EVENTSTORE_MOVE');

const SERVER = ['--flavor', 'm1.nano', '--image', 'pixel'] as const;

/** What the runbooks say of a cloud on which something is broken, tried in the order of their harm. */
describe('what the runbooks say', () => {
  const cloud = new Cloud({ firstPort: 23_800, simulated: 1, cidr: '10.213.38.0/24', bridge: 'brcrash8', latency: 0 });
  let token: string;

  beforeAll(async () => {
    await cloud.up();
    const image = cloud.file('pixel.img', Buffer.alloc(4096, 7));
    const create = ['image', 'create', '--disk-format', 'raw', '--container-format', 'bare', '--file', image, 'pixel'];
    await cloud.openstack(create, DEMO);
    await cloud.openstack(['flavor', 'create', '--ram', '64', '--disk', '1', '--vcpus', '1', 'm1.nano']);
    await cloud.openstack(['server', 'create', ...SERVER, '--wait', 'before'], DEMO);
    token = (await cloud.openstack<{ id: string }>(['token', 'issue'], DEMO)).id;
  });
  afterAll(() => cloud.destroy());

  const state = (...path: readonly string[]): string => join(cloud.state, ...path);
  const compute = (method: string, path: string, body?: unknown): Promise<Response> =>
    fetch(`${cloud.url('compute')}/v2.1${path}`, {
      method,
      headers: { 'x-auth-token': token, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const keypair = (name: string): Promise<Response> => compute('POST', '/os-keypairs', { keypair: { name } });
  const list = async (): Promise<string> => (await compute('GET', '/servers/detail?sort_key=created_at')).text();
  const servers = async (): Promise<readonly string[]> => {
    const { servers: all } = JSON.parse(await list()) as { servers: { name: string; status: string }[] };
    return all.map(({ name, status: is }) => `${name} ${is}`);
  };
  const listed = (): Promise<string> => eventually(list, (body) => body.includes('"servers"'));
  const status = async (): Promise<string> => (await cloud.cairn('status')).stdout;

  /** Ends a process so that nobody starts it again. */
  const kill = (name: string): void => {
    for (const each of [`${name}.supervisor`, name]) process.kill(cloud.pid(each) ?? NaN, 'SIGKILL');
  };

  /** Bytes that nobody wrote, in the place of a file's. */
  const damage = (file: string): void => {
    writeFileSync(file, Buffer.alloc(Math.max(8_192, statSync(file).size), 0xa5));
  };

  it('the store is away: requests get 503 with Retry-After, reads too, and all reconnect [runbook store-unreachable]', async () => {
    const others = ['controller', 'agent', 'redis'].map((name) => cloud.pid(name));
    kill('eventstore');
    // what was revoked is in the log: after a second nobody knows whether the token still counts
    for (const ask of [() => keypair('refused'), () => compute('GET', '/servers')]) {
      const refused = await ask();
      expect([refused.status, Number(refused.headers.get('retry-after')) > 0]).toEqual([503, true]);
    }
    expect((await fetch(`${cloud.url('identity')}/v3`)).status).toBe(200);
    expect(await status()).toMatch(/eventstore +is down/);
    await cloud.up();
    await eventually(
      async () => (await keypair(`again-${String(Date.now())}`)).status,
      (code) => code === 200,
    );
    expect(['controller', 'agent', 'redis'].map((name) => cloud.pid(name))).toEqual(others);
  });

  it('the queue is away, and its files are damaged: launches wait, and go on by themselves [runbook queue-lost]', async () => {
    kill('redis');
    expect(await status()).toMatch(/redis +is down/);
    await cloud.openstack(['server', 'create', ...SERVER, 'waiting'], DEMO);
    const stuck = await eventually(
      async () => (await cloud.cairn('stuck')).stdout,
      (said) => /[1-9]\d* tries failed/.test(said),
    );
    expect(stuck).toMatch(/job ensure-instance for host/);
    for (const name of readdirSync(state('redis/appendonlydir'))) damage(state('redis/appendonlydir', name));
    await cloud.up();
    const since = Date.now();
    await eventually(list, (body) => /"name":"waiting"/.test(body) && !body.includes('"BUILD"'));
    expect(Date.now() - since).toBeLessThan(45_000); // back-off has ended, nobody waited for a minute
    expect(await status()).toMatch(/note: .*it could not start with its files: .*redis\.damaged/);
  });

  it('read models and process index are damaged: both are made again at the next start [runbook read-models-lost]', async () => {
    const before = await listed();
    // with their logs of changes, from which SQLite would mend them
    for (const name of readdirSync(state('controller/read-model'))) damage(state('controller/read-model', name));
    for (const suffix of ['', '-wal']) damage(state(`controller/process-index.sqlite${suffix}`));
    process.kill(cloud.pid('controller') ?? NaN, 'SIGKILL');
    await eventually(
      () => list().catch(() => ''),
      (body) => body === before,
    );
    expect(await status()).toMatch(/note: .*(read models \w+ were|process index was) damaged/);
    expect(readdirSync(state('controller'))).toContain('process-index.sqlite.damaged');
    await cloud.openstack(['server', 'create', ...SERVER, '--wait', 'after'], DEMO);
  });

  it('a table is dropped under a running controller: it is made again without a restart [runbook read-models-lost]', async () => {
    const [before, controller] = [await listed(), cloud.pid('controller')];
    const folder = state('controller/read-model');
    const servers = readdirSync(folder).find((name) => name.endsWith('_servers.sqlite')) ?? '';
    const beside = new Database(join(folder, servers));
    beside.exec('DROP TABLE server_v2');
    beside.close();
    await eventually(list, (body) => body === before);
    expect(cloud.pid('controller')).toBe(controller);
    expect(await status()).toMatch(/note: .*read models servers were damaged/);
  });

  it('a server in ERROR tells the reason, and is deleted [runbook server-in-error]', async () => {
    const bad = cloud.file('bad.img', 'no disk at all');
    const create = ['image', 'create', '--disk-format', 'qcow2', '--container-format', 'bare', '--file', bad, 'bad'];
    await cloud.openstack(create, DEMO);
    await cloud.openstack(['server', 'create', '--flavor', 'm1.nano', '--image', 'bad', 'broken'], DEMO);
    const shown = await eventually(
      () => cloud.openstack<{ status: string; fault?: { message: string } }>(['server', 'show', 'broken'], DEMO),
      (server) => server.status === 'ERROR',
    );
    expect(shown.fault?.message).toMatch(/^No valid host was found\. Image .* is unacceptable/);
    expect((await cloud.cairn('history', 'broken')).stdout).toMatch(/launch failed: No valid host was found/);
    await cloud.does(['server', 'delete', 'broken'], DEMO);
    await eventually(list, (body) => !body.includes('"broken"'));
  });

  it('a backup of the log is restored, and all is built from it [runbook restore-a-backup]', async () => {
    const backup = state('backup');
    expect((await cloud.cairn('log', 'backup', backup)).status).toBe(0);
    const before = await servers();
    await keypair('after-the-backup');
    expect((await cloud.cairn('log', 'restore', backup)).stderr).toMatch(/the cloud runs: \.\/cairn down first/);
    await cloud.down();
    expect((await cloud.cairn('log', 'restore', backup)).stdout).toMatch(/restored \d+ events, verified/);
    await cloud.up();
    await eventually(servers, (now) => now.join() === before.join()); // they are started again
    expect((await cloud.cairn('verify')).stdout).toMatch(/\d+ events of \d+ streams: all chains hold/);
    expect(await (await compute('GET', '/os-keypairs')).text()).not.toContain('after-the-backup');
  });

  /**
   * Begins to move the log, and kills all of that: when the mover has said so, or, where that is '', when it knows its aim.
   * @param login settings that the mover has besides
   */
  const killedMove = async (to: string, said: string, login: readonly string[]): Promise<void> => {
    const script = `set -m; exec 2>&1
      env "\${@:4}" ./cairn log move --to "$1" > "$3/said" 2>&1 &
      seen() { if [ -n "$2" ]; then grep -q "$2" "$3/said"; else [ -e "$3/moving/there.json" ]; fi; }
      until seen "$@" || ! kill -0 $!; do sleep 0.01; done
      kill -KILL -- -$!
      wait $!
      case $? in 0 | 137) ;; *) cat "$3/said" && exit 1 ;; esac`;
    const ran = await cloud.run('bash', ['-c', script, 'bash', to, said, state(), ...login]);
    expect(ran).toMatchObject({ stdout: ran.stdout, status: 0 });
  };

  /** Moves the log there and back, each time with movers that are killed. */
  async function movesTo({ url, user, password }: RealStore): Promise<void> {
    const before = await servers();
    const secret = cloud.file('there.password', password);
    const login = user === '' ? [] : [`CAIRN_EVENTSTORE_USER=${user}`, `CAIRN_EVENTSTORE_PASSWORD_FILE=${secret}`];
    const move = async (to: string, kills: readonly string[]): Promise<void> => {
      await cloud.down();
      for (const said of kills) await killedMove(to, said, login);
      // one that could finish before it was killed has left nothing to do
      const moved = await cloud.run('env', [...login, './cairn', 'log', 'move', '--to', to]);
      expect([moved.stdout, moved.stderr].join('')).toMatch(
        /verified: the same \d+ events of \d+ streams|the log is in \S+ already/,
      );
      await cloud.up();
      await eventually(servers, (now) => now.join() === before.join());
      expect(await cloud.said('verify')).toMatch(/\d+ events of \d+ streams: all chains hold/);
    };
    const [checkpoint, backup] = [state('checkpoint.json'), state('portable')];
    await cloud.said('log', 'checkpoint', '--portable', checkpoint);
    await move(url, ['', '^copied']);
    expect((await keypair('made-there')).status).toBe(200);
    expect(await cloud.said('log', 'verify', '--checkpoint', checkpoint)).toMatch(/continues what was signed/);
    expect(await cloud.said('log', 'backup', backup)).toMatch(/reaches event \d+, position \d+; signed/);
    await cloud.down();
    const refused = await cloud.run('env', ['CAIRN_EVENTSTORE_URL=', './infra/cloud/up.sh']);
    expect(refused.stderr).toContain(`this log was moved to ${url}`);
    await move('embedded', ['^verified', 'builds the read models']);
    expect(await (await compute('GET', '/os-keypairs')).text()).toContain('made-there');
    const signed = join(backup, 'checkpoint.json');
    expect(await cloud.said('log', 'verify', '--portable', '--checkpoint', signed)).toMatch(
      /continues what was signed/,
    );
  }

  it('the log is moved to another server and back, by a mover that is killed [runbook move-the-log]', async () => {
    const store = await SecureStore.start();
    try {
      await movesTo(storeAt(urlFor(store.url, { caFile: store.caFile, login: 'admin', password: ADMIN_PASSWORD })));
    } finally {
      await store.stop();
    }
  });

  describeWhere(REAL === undefined ? 'CAIRN_TEST_EVENTSTORE_MOVE names no EventStoreDB' : null, 'the log', () => {
    it('is moved to an EventStoreDB and back [runbook move-the-log]', async () => {
      if (REAL !== undefined) await movesTo(REAL);
    });
  });

  it('an older copy of the log is refused, and accepted when an operator says so [runbook restore-a-backup]', async () => {
    await cloud.down();
    cpSync(state('eventstore'), state('older'), { recursive: true });
    await cloud.up();
    const made = await eventually(
      () => keypair('lost-with-the-copy'),
      ({ status: code }) => code === 200,
    );
    expect(made.status).toBe(200);
    await cloud.down();
    rmSync(state('eventstore'), { recursive: true });
    renameSync(state('older'), state('eventstore'));
    await expect(cloud.up()).rejects.toThrow(
      /has seen its log up to event .* it is an older copy\. Put the newer log back/,
    );
    expect((await cloud.cairn('down')).status).toBe(0);
    expect((await cloud.cairn('log', 'accept')).stdout).toMatch(/lost: what was between this log and event/);
    await cloud.up();
    await listed();
    expect(await (await compute('GET', '/os-keypairs')).text()).not.toContain('lost-with-the-copy');
  });

  it('a controller that starts without a store ends, and says why [runbook store-unreachable]', async () => {
    kill('eventstore');
    process.kill(cloud.pid('controller') ?? NaN, 'SIGKILL');
    await eventually(status, (said) => /controller +.*died [1-9]\d* time/.test(said));
    await cloud.up();
    await listed();
  });

  it('a damaged log is not served: the start names the event, and so does the check [runbook damaged-log]', async () => {
    await cloud.down();
    const log = new Database(state('eventstore/log.sqlite'));
    const { pos } = log.prepare('SELECT max(pos) AS pos FROM events').get() as { pos: number };
    log.prepare('UPDATE events SET data = ? WHERE pos = ?').run(Buffer.from('{"forged":true}'), pos);
    log.close();
    await expect(cloud.up()).rejects.toThrow(/damaged log: the event at position \d+ .*does not match its checksum/);
    const verified = await cloud.cairn('log', 'verify');
    expect([verified.status === 0, `${verified.stdout}${verified.stderr}`]).toEqual([
      false,
      expect.stringContaining(`position ${String(pos)}`),
    ]);
  });
});
