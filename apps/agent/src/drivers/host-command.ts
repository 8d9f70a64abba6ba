import { type ChildProcess, execFile, type ExecFileException } from 'node:child_process';
import { Socket } from 'node:net';
import { promisify } from 'node:util';

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

/** What a program wrote. */
export interface CommandOutput {
  readonly stdout: string;
  readonly stderr: string;
}

/** Variables of a program beside those that all have. */
export type Environment = Readonly<Record<string, string>>;

/** That of every program: without the agent's secrets, and with messages in English. */
export const BARE_ENVIRONMENT: Environment = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LC_ALL: 'C',
};
const DEFAULT_TIMEOUT_MS = 30_000;
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;

/**
 * Runs a program of the host to its end and gives its standard output. Arguments are an array, never a shell string.
 * @throws CommandFailed with the program's own words.
 */
export const runCommand = async (
  program: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<string> => new StartedCommand(program, args).finish(options);

const start = promisify(execFile);

/**
 * A program of the host that runs, or waits for its input. Its environment is a bare one: what daemons inherit must not
 * hold the agent's secrets, and messages stay in English. When the agent ends, so does the input of what still waits.
 */
export class StartedCommand {
  private readonly child: ChildProcess;
  private readonly result: Promise<CommandOutput>;
  private timedOut = '';
  private over = false;

  constructor(program: string, args: readonly string[], environment: Environment = {}) {
    const env = { ...BARE_ENVIRONMENT, ...environment };
    const running = start(program, args, { maxBuffer: MAX_OUTPUT_BYTES, killSignal: 'SIGKILL', env });
    this.child = running.child;
    this.result = running.catch((error: unknown) => {
      const { stderr, message } = error as ExecFileException;
      const said = [stderr?.trim() ?? '', this.timedOut].filter((part) => part !== '').join('; ');
      throw new CommandFailed(program, said === '' ? message : said, { cause: error });
    });
    const note = (): void => {
      this.over = true;
    };
    // Also keeps a failure that nobody waits for from being one of the agent's.
    this.result.then(note, note);
    // A program that ends without reading its input breaks the pipe; its exit code says why, this error does not.
    this.child.stdin?.on('error', () => undefined);
  }

  /** True once it has ended or turned out not to start, as far as this process knows. */
  get hasEnded(): boolean {
    return this.over;
  }

  /** Gives it the rest of its input and waits for its end. @throws CommandFailed */
  async finish(options: CommandOptions = {}): Promise<string> {
    return (await this.outputs(options)).stdout;
  }

  /** The same, with what it said on its error stream though it ended well. */
  async outputs({ input = '', timeoutMs = DEFAULT_TIMEOUT_MS }: CommandOptions = {}): Promise<CommandOutput> {
    // It also keeps this process until then: somebody waits now.
    const timer = setTimeout(() => {
      this.timedOut = `no answer within ${String(timeoutMs)} ms`;
      this.child.kill('SIGKILL');
    }, timeoutMs);
    this.child.stdin?.end(input);
    try {
      return await this.result;
    } finally {
      clearTimeout(timer);
    }
  }

  /** This process need not stay because of it: for a program that nobody waits for yet. */
  unref(): void {
    const { child } = this;
    child.unref();
    for (const pipe of [child.stdin, child.stdout, child.stderr]) if (pipe instanceof Socket) pipe.unref();
  }
}
