import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';

const run = promisify(execFile);
const START_MS = 30_000;
const RETRY_MS = 20;

/** A PostgreSQL of this run's own, from Debian's package: on a Unix socket in a temporary folder, for tests only. */
export interface TestServer {
  readonly url: string;
  /** Where it is, as its command line says. */
  readonly folder: string;
  stop(): Promise<void>;
}

/** The folder of the newest server that is installed; undefined where none is. */
export function installed(): string | undefined {
  const base = '/usr/lib/postgresql';
  const versions = existsSync(base) ? readdirSync(base) : [];
  return versions
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => join(base, version, 'bin'))
    .find((binaries) => existsSync(join(binaries, 'postgres')));
}

/** Why no test can have a server here; null when it can. */
export const whyNoServer = (): string | null => (installed() === undefined ? 'PostgreSQL is not installed' : null);

/** The server refuses to be root: then it is Debian's user for it. It ends with the tests, however those end. */
const AS_SERVER = [
  ...['--pdeathsig', 'INT'],
  ...(process.getuid?.() === 0 ? ['--reuid=postgres', '--regid=postgres', '--init-groups'] : []),
  '--',
];

export async function startServer(binaries: string): Promise<TestServer> {
  const folder = await mkdtemp(join(tmpdir(), 'cairn-postgres-'));
  if (process.getuid?.() === 0) await run('chown', ['postgres:postgres', folder]);
  const data = join(folder, 'data');
  const cluster = ['-D', data, '-U', 'cairn', '--auth=trust', '--encoding=UTF8', '--locale=C.UTF-8', '--no-sync'];
  await run('setpriv', [...AS_SERVER, join(binaries, 'initdb'), ...cluster], { cwd: folder });
  const settings = ['fsync=off', 'full_page_writes=off', 'listen_addresses=', 'max_connections=200'];
  const args = ['-D', data, '-k', folder, ...settings.flatMap((setting) => ['-c', setting])];
  const server = [...AS_SERVER, join(binaries, 'postgres'), ...args];
  const child = spawn('setpriv', server, { cwd: folder, stdio: 'ignore' });
  const exited = once(child, 'exit');
  await answers(folder, child);
  return {
    folder,
    url: `postgresql://cairn@localhost/postgres?host=${encodeURIComponent(folder)}`,
    stop: async () => {
      child.kill('SIGINT');
      await exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function answers(folder: string, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + START_MS;
  for (;;) {
    const client = new Client({ host: folder, user: 'cairn', database: 'postgres' });
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      if (child.exitCode !== null || Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}
