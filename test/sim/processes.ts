import type { VirtualTime } from './clock';
import type { Step } from './effect-steps';
import type { Random } from './random';
import type { Trace } from './trace';

/** Where in a dealing with the world a process may die: before it, after it was done, after it learnt that. */
export type Phase = 'before' | 'unacknowledged' | 'acknowledged';
export const PHASES: readonly Phase[] = ['before', 'unacknowledged', 'acknowledged'];

/** Death lies in wait at a dealing that is still to come. */
export interface Ambush {
  readonly phase: Phase;
  /** How many dealings that match are survived. */
  readonly after: number;
  /** What the dealing's name begins with ('' is any), or a step of an effect that is made by it. */
  readonly at: string;
  /** After this many milliseconds any dealing will do. */
  readonly patienceMs: number;
}

/** How long messages take, in milliseconds. */
export interface Pace {
  readonly usual: number;
  readonly slow: number;
  /** How often a message is slow. */
  readonly slowShare: number;
}

export interface PlaceOfDeath {
  readonly phase: Phase;
  /** What the dealing does for effects. */
  readonly steps: readonly Step[];
}

const NOTHING: readonly Step[] = [];

export interface IncarnationParts {
  /** Also its name in the trace: `controller-0.3` is the third life of controller 0. */
  readonly name: string;
  readonly time: VirtualTime;
  readonly trace: Trace;
  readonly random: Random;
  readonly pace: Pace;
  /** `at` is where it died when that was in a dealing with the world. */
  readonly onDeath: (why: string, at?: PlaceOfDeath) => void;
}

/** Dealings that go on for ever and change nothing: dying there is dying in idleness. */
const ROUTINE: ReadonlySet<string> = new Set(['liveness', 'news']);

/** What a dead process waits for. A new one each time, so that what waits can be collected. */
export const never = <T>(): Promise<T> => new Promise<T>(() => undefined);

/**
 * One life of a process. All its dealings with the world go through here, so that it can be ended at each of them: from
 * then on its calls reach nobody and its promises never resolve again, as those of a process that is gone. What it had
 * sent before still arrives.
 */
export class Incarnation {
  private living = true;
  private ambushes: { readonly phase: Phase; readonly at: string; readonly until: number; left: number }[] = [];
  private stalledUntil = 0;
  /** The end of its last standstill, which may be to come: what came in it is not let through before that. */
  private stoodUntil = 0;

  readonly bornAt: number;

  constructor(private readonly parts: IncarnationParts) {
    this.bornAt = parts.time.now;
  }

  get alive(): boolean {
    return this.living;
  }

  get name(): string {
    return this.parts.name;
  }

  lieInWait({ phase, after, at, patienceMs }: Ambush): void {
    this.ambushes.push({ phase, at, until: this.parts.time.now + patienceMs, left: after });
  }

  /** No death lies in wait any more. */
  spare(): void {
    this.ambushes = [];
    this.stalledUntil = 0;
  }

  /** Nothing that was answered, and no timer, gets through before that long has passed. */
  stall(ms: number): void {
    this.stalledUntil = this.parts.time.now + ms;
    this.stoodUntil = Math.max(this.stoodUntil, this.stalledUntil);
  }

  kill(why: string, at?: PlaceOfDeath): void {
    if (!this.living) return;
    this.living = false;
    this.parts.trace.add(this.name, `dies: ${why}`);
    this.parts.onDeath(why, at);
  }

  /** Whether the process is alive after this phase of a dealing. It may die in it. */
  passes(phase: Phase, what: string, steps = NOTHING): boolean {
    if (!this.living) return false;
    if (ROUTINE.has(what)) return true;
    for (const ambush of this.ambushes) {
      if (ambush.phase !== phase) continue;
      const late = this.parts.time.now > ambush.until;
      if (!late && !what.startsWith(ambush.at) && !steps.some((step) => step === ambush.at)) continue;
      ambush.left -= 1;
      if (!late && ambush.left >= 0) continue;
      this.kill(`${phase} ${what}`, { phase, steps });
      return false;
    }
    return true;
  }

  /**
   * A message to another machine and its answer. Once it is on its way it arrives, whatever happens to its sender.
   * @param steps what it does for effects, if it succeeds.
   */
  async remote<T>(what: string, work: () => Promise<T>, steps = NOTHING): Promise<T> {
    if (!this.passes('before', what, steps)) return never();
    const { time, trace } = this.parts;
    await time.sleep(this.transit());
    const answer = await settled(work());
    const made = 'error' in answer ? NOTHING : steps;
    if (!this.passes('unacknowledged', what, made)) return never();
    await this.awake(this.transit());
    if (!this.living) return never();
    trace.add(this.name, 'error' in answer ? `${what} -> ${brief(answer.error)}` : what);
    this.passes('acknowledged', what, made);
    if ('error' in answer) throw answer.error;
    return answer.value;
  }

  /** Runs it that much later, unless the process has died by then. Returns what takes it back. */
  after(ms: number, work: () => void): () => void {
    const { time } = this.parts;
    let cancel = time.after(ms, () => {
      const wait = this.stalledUntil - time.now;
      if (wait > 0) cancel = this.after(wait, work);
      else if (this.living) work();
    });
    return () => {
      cancel();
    };
  }

  /** Whether it goes on again only later. */
  get stalled(): boolean {
    return this.stalledUntil > this.parts.time.now;
  }

  /** Whether it has stood still at some moment since. */
  stalledSince(moment: number): boolean {
    return this.stoodUntil > moment;
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (!this.living) return never();
    await this.parts.time.sleep(ms, signal);
    await this.awake(0);
    if (!this.alive) return never();
  }

  /** Resolves after that long, and not before the process goes on again. */
  private async awake(ms: number): Promise<void> {
    const { time } = this.parts;
    const wait = Math.max(ms, this.stalledUntil - time.now);
    if (wait > 0) await time.sleep(wait);
  }

  private transit(): number {
    const { random, pace } = this.parts;
    return random.chance(pace.slowShare) ? random.int(pace.usual, pace.slow) : random.int(0, pace.usual);
  }
}

async function settled<T>(work: Promise<T>): Promise<{ readonly value: T } | { readonly error: unknown }> {
  try {
    return { value: await work };
  } catch (error) {
    return { error };
  }
}

export const brief = (error: unknown): string =>
  error instanceof Error ? `${error.constructor.name}: ${error.message.split('\n')[0] ?? ''}` : String(error);

/** A port as the process sees it that may die before and after each of its calls. For what is on its own machine. */
export function fenced<T extends object>(port: T, process: Incarnation, name: string): T {
  return new Proxy(port, {
    get(target, key): unknown {
      const member: unknown = Reflect.get(target, key, target);
      if (typeof member !== 'function') return member;
      const what = `${name}.${String(key)}`;
      return (...args: readonly unknown[]): unknown => {
        if (!process.passes('before', what)) return never();
        const answer: unknown = Reflect.apply(member, target, args);
        if (!(answer instanceof Promise)) return answer;
        return whileAlive(answer, process, what);
      };
    },
  });
}

async function whileAlive(answer: Promise<unknown>, process: Incarnation, what: string): Promise<unknown> {
  try {
    const value = await answer;
    return process.passes('unacknowledged', what) ? value : await never();
  } catch (error) {
    if (!process.passes('unacknowledged', what)) return never();
    throw error;
  }
}
