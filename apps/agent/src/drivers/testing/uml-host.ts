import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { build } from 'esbuild';

import { runCommand } from '../host-command';

import { missingHere, REPOSITORY } from './host-lab';
import { ANSWER, type HostAsked } from './uml-asked';

/** Why no host in User Mode Linux can be started here, or null. */
export const umlMissing = missingHere('linux.uml', 'cc', 'ip', 'dnsmasq', 'nft', 'busybox', 'python3');

/** A host with a kernel of its own, which has what this machine's may lack: 802.1Q; and has no IPv6. */
export interface UmlHost extends HostAsked {
  close(): Promise<void>;
}

interface Answer {
  readonly id: number;
  readonly value?: unknown;
  readonly failure?: string;
}

/** What hosts are started with. */
export interface UmlParts {
  /** One file, since their kernels read slowly. */
  readonly program: string;
  /** What the kernel is loaded with, for this machine's processor. */
  readonly registers: string;
}

export async function buildParts(directory: string): Promise<UmlParts> {
  const registers = join(directory, 'registers.so');
  const source = join(__dirname, 'uml-registers.c');
  const [program] = await Promise.all([
    buildProgram(directory),
    runCommand('cc', ['-shared', '-fPIC', '-O2', '-o', registers, source, '-ldl']),
  ]);
  return { program, registers };
}

async function buildProgram(directory: string): Promise<string> {
  const outfile = join(directory, 'host.js');
  const entry = join(__dirname, 'uml-program.ts');
  const tsconfig = join(REPOSITORY, 'tsconfig.json');
  const options = { bundle: true, platform: 'node', tsconfig, logLevel: 'error' } as const;
  await build({ ...options, external: ['esbuild'], entryPoints: [entry], outfile });
  return outfile;
}

/**
 * Boots one. @param namespace the network name space of its tap @param tap by which its only interface, vec0, is connected
 */
export async function startUmlHost(namespace: string, tap: string, { program, registers }: UmlParts): Promise<UmlHost> {
  const kernel = ['mem=384M', 'root=/dev/root', 'rootfstype=hostfs', 'rootflags=/', 'rw', 'con=null', 'con0=fd:0,fd:1'];
  const own = [`init=${join(__dirname, 'uml-host.sh')}`, `host_program=${program}`, `host_node=${process.execPath}`];
  const wire = `vec0:transport=tap,ifname=${tap},depth=128,gro=1`;
  const args = [
    'netns',
    'exec',
    namespace,
    'env',
    `LD_PRELOAD=${registers}`,
    'linux.uml',
    ...kernel,
    'quiet',
    'ipv6.disable=1',
    wire,
    ...own,
  ];
  const host = new Talk(spawn('ip', args, { detached: true }));
  await host.ready;
  const ask =
    (verb: keyof HostAsked) =>
    (...values: readonly unknown[]): Promise<never> =>
      host.ask(verb, values) as Promise<never>;
  return {
    plug: ask('plug'),
    unplug: ask('unplug'),
    refused: ask('refused'),
    pings: ask('pings'),
    sendsFrame: ask('sendsFrame'),
    dropped: ask('dropped'),
    run: ask('run'),
    wrong: ask('wrong'),
    mend: ask('mend'),
    close: () => host.end(),
  };
}

/** Questions and answers by the console of a host. */
class Talk {
  readonly ready: Promise<unknown>;
  private readonly waiting = new Map<number, (answer: Answer) => void>();
  private readonly said: string[] = [];
  private readonly ended: Promise<unknown>;
  private last = 0;

  constructor(private readonly child: ChildProcessWithoutNullStreams) {
    this.ready = this.answered(0);
    this.ended = new Promise((resolve) => child.once('close', resolve));
    child.stdin.on('error', () => undefined);
    createInterface({ input: child.stdout }).on('line', (line) => {
      this.hear(line);
    });
    createInterface({ input: child.stderr }).on('line', (line) => this.said.push(line));
    void this.ended.then(() => {
      for (const id of [...this.waiting.keys()])
        this.settle({ id, failure: `the host has ended:\n${this.said.join('\n')}` });
    });
  }

  ask(verb: string, values: readonly unknown[]): Promise<unknown> {
    this.last += 1;
    const answer = this.answered(this.last);
    this.child.stdin.write(`${JSON.stringify({ id: this.last, verb, values })}\n`);
    return answer;
  }

  /** As when its power is cut off: nothing of it is left but memory. */
  async end(): Promise<void> {
    const { pid } = this.child;
    if (pid !== undefined && this.child.exitCode === null) process.kill(-pid, 'SIGKILL');
    await this.ended;
  }

  private hear(line: string): void {
    const at = line.indexOf(ANSWER);
    if (at < 0) this.said.push(line);
    else this.settle(JSON.parse(line.slice(at + ANSWER.length)) as Answer);
  }

  private answered(id: number): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.waiting.set(id, ({ value, failure }) => {
        if (failure === undefined) resolve(value);
        else reject(new Error(failure));
      });
    });
  }

  private settle(answer: Answer): void {
    this.waiting.get(answer.id)?.(answer);
    this.waiting.delete(answer.id);
  }
}
