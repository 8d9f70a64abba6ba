import { JobFailure, Retryable } from '../../ports/errors';
import { CommandFailed, runCommand, StartedCommand } from '../host-command';

/** What virsh said when it failed, as one readable line. */
export class VirshFailed extends JobFailure {
  constructor(
    readonly said: string,
    options?: ErrorOptions,
  ) {
    super('hypervisor.failed', said, false, options);
  }
}

/** The libvirt of this machine. */
export const SYSTEM = 'qemu:///system';

/** libvirt through `virsh` with argument arrays; never `virsh console`, which hangs without a terminal. */
export class Virsh {
  constructor(
    private readonly uri: string,
    private readonly timeoutMs = 60_000,
  ) {}

  /**
   * Runs one virsh command and gives its output.
   * @throws Retryable when libvirt cannot be reached; VirshFailed with libvirt's reason otherwise.
   */
  async run(...args: readonly string[]): Promise<string> {
    try {
      return await runCommand('virsh', ['-q', '-c', this.uri, ...args], { timeoutMs: this.timeoutMs });
    } catch (error) {
      if (!(error instanceof CommandFailed)) throw error;
      throw this.failure(readable(error.stderr), { cause: error });
    }
  }

  /**
   * Runs one command that holds a secret. Other users of the machine see the arguments of a program, so virsh reads this
   * one from its standard input, as words of its own shell. It repeats it on its output, which goes nowhere.
   * @throws as `run`, with nothing of the command or its output.
   */
  async whisper(command: string): Promise<void> {
    const virsh = new StartedCommand('virsh', ['-q', '-c', this.uri], NO_HISTORY);
    const said = await virsh.outputs({ input: `${command}\n`, timeoutMs: this.timeoutMs }).then(
      ({ stderr }) => errorsIn(stderr),
      (error: unknown) => {
        if (!(error instanceof CommandFailed)) throw error;
        return errorsIn(error.stderr) || error.stderr; // its output goes, too, which repeats the command
      },
    );
    if (said !== '') throw this.failure(said);
  }

  private failure(said: string, options?: ErrorOptions): Error {
    return said.includes('failed to connect to the hypervisor')
      ? new Retryable(`libvirt cannot be reached at ${this.uri}: ${said}`, options)
      : new VirshFailed(said, options);
  }
}

/** virsh keeps no history of what it reads: it could not make the folder, and would keep no line of it. */
const NO_HISTORY = { XDG_CACHE_HOME: '/dev/null', VIRSH_HISTSIZE: '0' };

/** What virsh's shell complains of, but for its history. */
const errorsIn = (stderr: string): string =>
  readable(
    stderr
      .split('\n')
      .filter((line) => line.startsWith('error:') && !line.includes('/dev/null'))
      .join('\n'),
  );

/** libvirt prefixes each line with `error: ` and goes from the general to the particular. */
export const readable = (stderr: string): string =>
  stderr
    .split('\n')
    .map((line) => line.replace(/^error:\s*/, '').trim())
    .filter((line) => line !== '')
    .join(': ');
