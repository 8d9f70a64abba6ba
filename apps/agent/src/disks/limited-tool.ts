import { spawn } from 'node:child_process';

/** How a tool ended. `code` is null when a signal ended it; `limit` says which limit that was for, if any. */
export interface ToolEnd {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly limit: 'processor' | 'time' | null;
}

export interface ToolLimits {
  readonly wallMs: number;
  readonly cpuSeconds: number;
  readonly memoryBytes: number;
}

/** Keeps so much of each output stream; reads and drops the rest, so that no tool can fill the memory. */
const MOST_OUTPUT = 256 * 1024;

/** Enough for any honest image; a hostile one must not hang or starve the host (nova: 30 s and 1 GiB for qemu-img info). */
export const TOOL_LIMITS: ToolLimits = { wallMs: 180_000, cpuSeconds: 60, memoryBytes: 2 * 1024 ** 3 };

/**
 * Runs a tool on something that a tenant has made, under limits. Never rejects because of how the tool ends.
 * @throws Error when it cannot be started at all.
 */
export function runLimited(tool: string, args: readonly string[], limits: ToolLimits = TOOL_LIMITS): Promise<ToolEnd> {
  const { wallMs, cpuSeconds, memoryBytes } = limits;
  const bounds = [`--cpu=${String(cpuSeconds)}:${String(cpuSeconds + 5)}`, `--as=${String(memoryBytes)}`, '--core=0'];
  return new Promise((resolve, reject) => {
    const child = spawn('prlimit', [...bounds, '--', tool, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'] ?? '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' },
    });
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      child.kill('SIGKILL');
    }, wallMs);
    const texts = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (text: string) => {
        if (texts[name].length < MOST_OUTPUT) texts[name] += text;
      });
    }
    child.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      const limit = timedOut ? 'time' : signal === 'SIGXCPU' ? 'processor' : null;
      resolve({ code, limit, ...texts });
    });
  });
}
