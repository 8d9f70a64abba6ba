import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

import { freePort } from './free-port';
import { temporaryFolder } from './temporary-folder';

/** A real redis-server of one test, with an append-only file in a temporary folder. */
export class RedisServer {
  private child: ChildProcess | undefined;

  private constructor(
    readonly port: number,
    private readonly folder: string,
    private readonly removeFolder: () => Promise<void>,
  ) {}

  static async open(): Promise<RedisServer> {
    const port = await freePort();
    const { path, remove } = await temporaryFolder();
    const server = new RedisServer(port, path, remove);
    await server.start();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${String(this.port)}`;
  }

  async start(): Promise<void> {
    const options = { port: this.port, bind: '127.0.0.1', dir: this.folder, appendonly: 'yes', appendfsync: 'always' };
    const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
    const child = spawn('redis-server', [...args, '--save', ''], { stdio: ['ignore', 'pipe', 'inherit'] });
    this.child = child;
    await new Promise<void>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code) => {
        reject(new Error(`redis-server ended with ${String(code)}`));
      });
      child.stdout.on('data', (text: Buffer) => {
        if (text.includes('Ready to accept connections')) resolve();
      });
    });
  }

  /** As a power failure: what is not in the append-only file is lost. */
  async kill(): Promise<void> {
    if (this.child?.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await ended;
  }

  async close(): Promise<void> {
    await this.kill();
    await this.removeFolder();
  }
}
