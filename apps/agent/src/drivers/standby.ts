import { type Environment, StartedCommand } from './host-command';

export interface StandbyOptions {
  /** A program that does nothing before its standard input ends, and nothing at all when there was none. */
  readonly program: string;
  readonly args: readonly string[];
  readonly environment?: Environment;
  /** How many wait at most: as many as are used one after the other. */
  readonly spares: number;
}

/** Replaces used standbys after so long without a further use, when the work of their users is probably done. */
const REST_MS = 500;

/**
 * Programs of the host that are started before they are needed. To start one costs a copy of this process, 10 to 20 ms
 * in which it does nothing else; one that waits for its input answers at once. Each is used once and ends, as if it had
 * just been started. One that nobody uses ends with this process.
 */
export class Standby {
  private readonly waiting: StartedCommand[] = [];
  private readonly resting: NodeJS.Timeout;
  private missing: number;

  constructor(private readonly options: StandbyOptions) {
    this.missing = options.spares;
    this.resting = setTimeout(() => {
      this.startOne();
    }, REST_MS).unref();
  }

  /**
   * Runs the program with this input.
   * @throws CommandFailed
   */
  async run(input: string): Promise<string> {
    const { spares } = this.options;
    // One that has ended meanwhile, by whatever hand, is not missed.
    let ready = this.waiting.shift();
    while (ready?.hasEnded === true) ready = this.waiting.shift();
    this.missing = spares - this.waiting.length;
    this.resting.refresh();
    return (ready ?? this.start()).finish({ input });
  }

  /** Ends waiting standbys. A later user starts its own. */
  dismiss(): void {
    clearTimeout(this.resting);
    for (const command of this.waiting.splice(0)) void command.finish().catch(() => undefined);
  }

  /** One at a time, so that jobs go on between two. */
  private startOne(): void {
    this.missing -= 1;
    if (this.missing > 0) this.resting.refresh();
    try {
      const command = this.start();
      command.unref();
      this.waiting.push(command);
    } catch {
      // Perhaps there is no memory for it now. The next user of a standby starts one, and gets the error.
    }
  }

  private start(): StartedCommand {
    const { program, args, environment } = this.options;
    return new StartedCommand(program, args, environment);
  }
}
