import { JobFailure, Retryable } from '../../ports/errors';
import { CommandFailed, runCommand } from '../host-command';

/** What virsh said when it failed, as one readable line. */
export class VirshFailed extends JobFailure {
  constructor(
    readonly said: string,
    options?: ErrorOptions,
  ) {
    super('hypervisor.failed', said, false, options);
  }
}

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
      const said = readable(error.stderr);
      if (said.includes('failed to connect to the hypervisor')) {
        throw new Retryable(`libvirt cannot be reached at ${this.uri}: ${said}`, { cause: error });
      }
      throw new VirshFailed(said, { cause: error });
    }
  }
}

/** libvirt prefixes each line with `error: ` and goes from the general to the particular. */
export const readable = (stderr: string): string =>
  stderr
    .split('\n')
    .map((line) => line.replace(/^error:\s*/, '').trim())
    .filter((line) => line !== '')
    .join(': ');
