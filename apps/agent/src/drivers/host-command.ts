import { execFile } from 'node:child_process';

/** A program of the host ended badly, was killed at its limit, or could not be started. */
export class CommandFailed extends Error {
  constructor(
    readonly program: string,
    /** What the program said on its error stream, trimmed. */
    readonly stderr: string,
    options?: ErrorOptions,
  ) {
    super(`${program}: ${stderr}`, options);
  }
}

export interface CommandOptions {
  /** Written to the program's standard input, which is then closed. */
  readonly input?: string;
  /** After this the program is killed and the call fails. */
  readonly timeoutMs?: number;
}

const DEFAULT_TIMEOUT_MS = 30_000;
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;

/**
 * Runs a program of the host to its end and gives its standard output. Arguments are an array, never a shell string.
 * The environment is a bare one: what daemons inherit must not hold the agent's secrets, and messages stay in English.
 * @throws CommandFailed with the program's own words.
 */
export function runCommand(program: string, args: readonly string[], options: CommandOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      program,
      args,
      {
        timeout: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
        killSignal: 'SIGKILL',
        maxBuffer: MAX_OUTPUT_BYTES,
        env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' },
      },
      (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else {
          const timedOut =
            error.killed === true ? `no answer within ${String(options.timeoutMs ?? DEFAULT_TIMEOUT_MS)} ms` : '';
          const said = [stderr.trim(), timedOut].filter((part) => part !== '').join('; ');
          reject(new CommandFailed(program, said === '' ? error.message : said, { cause: error }));
        }
      },
    );
    // A program that ends without reading its input breaks the pipe; its exit code says why, this error does not.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(options.input ?? '');
  });
}
