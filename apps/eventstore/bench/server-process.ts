import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Kernel clock ticks per second (`getconf CLK_TCK`; 100 on every Linux that Node runs on). */
const TICKS = 100;

/** What a server process took so far. */
export interface Usage {
  /** Seconds of CPU, user and system, of all its threads. */
  readonly cpu: number;
  /** Bytes resident now, and at most since it began. */
  readonly rss: number;
  readonly peakRss: number;
}

/** The built server, in a process of its own, as in production. */
export class ServerProcess {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
    /** Milliseconds from spawn to `ready`, Node's own start included. */
    readonly startMs: number,
  ) {}

  static async start(directory: string): Promise<ServerProcess> {
    const main = join(__dirname, '..', 'src', 'main.js');
    const began = performance.now();
    const child = spawn(process.execPath, [main, '--dir', directory, '--port', '0'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const port = await new Promise<string>((resolve, reject) => {
      let output = '';
      child.stdout.on('data', (chunk: Buffer) => {
        output += chunk.toString();
        const found = /ready on .*:(\d+)/.exec(output)?.[1];
        if (found !== undefined) resolve(found);
      });
      child.once('exit', (code) => {
        reject(new Error(`the server ended with ${String(code)}`));
      });
    });
    return new ServerProcess(child, `esdb://127.0.0.1:${port}?tls=false`, performance.now() - began);
  }

  usage(): Usage {
    const pid = String(this.child.pid);
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return {
      cpu: (Number(fields[11]) + Number(fields[12])) / TICKS,
      rss: kilobytes(status, 'VmRSS'),
      peakRss: kilobytes(status, 'VmHWM'),
    };
  }

  async stop(): Promise<void> {
    const exited = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await exited;
  }
}

function kilobytes(status: string, name: string): number {
  return Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1]) * 1024;
}
