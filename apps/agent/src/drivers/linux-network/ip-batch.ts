import { CommandFailed } from '../host-command';
import { Standby } from '../standby';

import { networkFailure } from './check-port';

/** One command of `ip`, without its name: words that `checkPort` has let through, or our own. */
export type IpCommand = readonly string[];

/** In a batch, words end at blanks, and quotes, backslashes and `#` mean something. None of ours has such a character. */
const WORD = /^[0-9A-Za-z+_./:-]+$/;
/** What ip says behind its own words for the command that failed. */
const FAILED_LINE = /^Command failed -:(\d+)$/m;

/** A launch has two batches, one after the other. */
const SPARES = 2;

/** Changes interfaces, several commands to a process. */
export class IpBatch {
  private readonly programs = new Standby({ program: 'ip', args: ['-batch', '-'], spares: SPARES });

  /**
   * Carries the commands out in order; those behind one that fails are not begun.
   * @throws JobFailure with the command that failed.
   */
  async run(commands: readonly IpCommand[]): Promise<void> {
    if (commands.length === 0) return;
    try {
      await this.programs.run(batchOf(commands));
    } catch (error) {
      if (!(error instanceof CommandFailed)) throw error;
      const line = FAILED_LINE.exec(error.stderr)?.[1];
      const failed = line === undefined ? ['-batch'] : (commands[Number(line) - 1] ?? []);
      const said = error.stderr.replace(FAILED_LINE, '').trim();
      throw networkFailure(`ip ${failed.join(' ')}: ${said}`, { cause: error });
    }
  }

  /**
   * Takes something away. One that has gone in between is what is wanted.
   * @param isThere whether it is there, asked after a failure
   * @throws JobFailure for what stays.
   */
  async remove(command: IpCommand, isThere: () => boolean): Promise<void> {
    try {
      await this.run([command]);
    } catch (error) {
      if (isThere()) throw error;
    }
  }

  /** Lets programs end that wait for commands. */
  dismiss(): void {
    this.programs.dismiss();
  }
}

/** @throws Error for a word that would not stay one; nothing is run then. */
export function batchOf(commands: readonly IpCommand[]): string {
  const stray = commands.flat().find((word) => !WORD.test(word));
  if (stray !== undefined) throw new Error(`not a word for ip: ${JSON.stringify(stray)}`);
  return commands.map((command) => `${command.join(' ')}\n`).join('');
}
