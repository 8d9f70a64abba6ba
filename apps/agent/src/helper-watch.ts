import { writeWhole } from '@cairn/os';

import type { Clock } from './ports/clock.port';
import type { Helper } from './ports/host-network.port';
import type { Log } from './ports/log.port';

/** Guests without DHCP or metadata notice within seconds. */
const LOOK_EVERY_MS = 2_000;

/** Something whose processes have to be looked after: it starts those again that died. */
export interface Tended {
  tend(): Promise<readonly Helper[]>;
}

/** What `./cairn status` reads. */
interface Told extends Helper {
  /** How often it was found dead since this agent started. */
  readonly deaths: number;
}

export interface HelperWatchParts {
  readonly tended: readonly Tended[];
  readonly clock: Clock;
  readonly log: Log;
  /** Called for each that was found dead. */
  readonly onDeath?: (helper: string) => void;
  /** Where the state of the helpers is written, as a list in JSON, when it changes. */
  readonly file: string;
}

/** Looks after the processes that the guests of a host need beside the hypervisor, for as long as the agent runs. */
export class HelperWatch {
  private readonly closed = new AbortController();
  private readonly alive = new Set<string>();
  private readonly deaths = new Map<string, number>();
  private written = '';
  private running: Promise<void> = Promise.resolve();

  constructor(private readonly parts: HelperWatchParts) {}

  start(): void {
    this.running = this.run();
  }

  async close(): Promise<void> {
    this.closed.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { clock, log } = this.parts;
    while (!this.closed.signal.aborted) {
      await this.look().catch((error: unknown) => {
        log.error('helpers: cannot be looked after; trying again', { error });
      });
      await clock.sleep(LOOK_EVERY_MS, this.closed.signal);
    }
  }

  /** One look at all of them. @throws the first error, after the look */
  async look(): Promise<void> {
    const found: Helper[] = [];
    let failure: unknown;
    for (const tended of this.parts.tended) {
      try {
        found.push(...(await tended.tend()));
      } catch (error) {
        failure ??= error; // the others are looked after all the same
      }
    }
    for (const { name, pid } of found) this.note(name, pid);
    const names = new Set(found.map(({ name }) => name));
    for (const name of this.alive) if (!names.has(name)) this.alive.delete(name);
    await this.tell(found.map((helper): Told => ({ ...helper, deaths: this.deaths.get(helper.name) ?? 0 })));
    if (failure !== undefined) throw failure as Error;
  }

  /** One that never ran has not died: its network is being made. */
  private note(name: string, pid: number | null): void {
    if (pid !== null) this.alive.add(name);
    else if (this.alive.delete(name)) {
      this.deaths.set(name, (this.deaths.get(name) ?? 0) + 1);
      this.parts.log.warn('helpers: one has died and was started again', { helper: name });
      this.parts.onDeath?.(name);
    }
  }

  private async tell(helpers: readonly Told[]): Promise<void> {
    const text = `${JSON.stringify(helpers)}\n`;
    if (text === this.written) return;
    await writeWhole(this.parts.file, text, 0o644);
    this.written = text;
  }
}
