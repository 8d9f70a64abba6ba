import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { buildSync } from 'esbuild';

const REPOSITORY = resolve(__dirname, '../..');
const MAIN = join(REPOSITORY, 'apps/eventstore/src/main.ts');
const READY = /^eventstore ready on .*:(\d+)$/m;
const START_MS = 30_000;

/** A running embedded event store, started from its sources. */
export interface EmbeddedEventStore {
  readonly directory: string;
  readonly port: number;
  readonly pid: number;
  /** The connection string for `@eventstore/db-client`. */
  readonly url: string;
  /** Sends a signal and resolves to the exit code when the process is gone (null when the signal killed it). */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

export interface EmbeddedEventStoreOptions {
  readonly directory: string;
  /** 0 (the default) lets the system choose. */
  readonly port?: number;
  readonly args?: readonly string[];
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** A bundle by {@link bundleEventStore}, which starts in a fraction of the time. */
  readonly bundle?: string;
}

/** Bundles the server into one file of that directory, for tests that start it often. */
export function bundleEventStore(directory: string): string {
  const outfile = join(directory, 'eventstore.js');
  buildSync({ entryPoints: [MAIN], bundle: true, platform: 'node', outfile });
  return outfile;
}

/** A new directory for a store under the system's temporary folder, with the function that removes it. */
export async function temporaryDirectory(): Promise<{ readonly path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'cairn-eventstore-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/**
 * Starts the real server in a process of its own and waits until it serves.
 * @throws Error with what it wrote to stderr when it ends instead
 */
export async function startEmbeddedEventStore(options: EmbeddedEventStoreOptions): Promise<EmbeddedEventStore> {
  const { directory, port = 0, args = [], env = {}, bundle } = options;
  const program = bundle === undefined ? ['-r', 'esbuild-register', MAIN] : [bundle];
  const argv = [...program, '--dir', directory, '--port', String(port), ...args];
  const child = spawn(process.execPath, argv, {
    cwd: REPOSITORY,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_PATH: join(REPOSITORY, 'node_modules'), ...env },
  });
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  const actual = await readyPort(child, exited);
  return {
    directory,
    port: actual,
    pid: child.pid ?? 0,
    url: `esdb://127.0.0.1:${String(actual)}?tls=false`,
    stop: (signal = 'SIGTERM') => {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      return exited;
    },
  };
}

async function readyPort(child: ChildProcess, exited: Promise<number | null>): Promise<number> {
  let output = '';
  let errors = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  let timer: NodeJS.Timeout | undefined;
  const ready = new Promise<number>((done, reject) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      const port = READY.exec(output)?.[1];
      if (port !== undefined) done(Number(port));
    });
    void exited.then((code) => {
      reject(new Error(`the event store ended with ${String(code)}: ${errors.trim()}`));
    });
    timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`the event store was not ready after ${String(START_MS)} ms: ${errors.trim()}`));
    }, START_MS);
  });
  try {
    return await ready;
  } finally {
    clearTimeout(timer);
  }
}
