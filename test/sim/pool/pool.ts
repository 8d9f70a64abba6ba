import { type ChildProcess, fork } from 'node:child_process';
import { availableParallelism } from 'node:os';

import type { Result } from '../simulation';

import type { Errand, Report } from './errand';

/** Worlds are born and die quickly: with more room for what is young, little of it is copied before it is garbage. */
const NODE_OPTIONS = ['--max-semi-space-size=32', '--enable-source-maps'];

export interface Done {
  readonly result: Result;
  readonly cpuMs: number;
}

/**
 * Processes that run worlds, one per processor. In processes of their own the worlds run the built code, without what a
 * test runner puts around each module, and a world that hangs or eats memory harms no other.
 */
export class Pool {
  private readonly workers: ChildProcess[];
  private readonly free: ChildProcess[];
  private readonly waiting: ((worker: ChildProcess) => void)[] = [];

  /** @param script the built `worker.js`. */
  constructor(
    script: string,
    readonly size = availableParallelism(),
  ) {
    this.workers = Array.from({ length: size }, () =>
      fork(script, [], { execArgv: NODE_OPTIONS, serialization: 'advanced' }),
    );
    this.free = [...this.workers];
  }

  /** Runs one world as soon as a worker is free. @throws when the simulation itself breaks. */
  async run(errand: Errand): Promise<Done> {
    const worker = this.free.pop() ?? (await new Promise<ChildProcess>((resolve) => this.waiting.push(resolve)));
    const report = await this.send(worker, errand);
    const next = this.waiting.shift();
    if (next === undefined) this.free.push(worker);
    else next(worker);
    if ('broke' in report) throw new Error(`the simulation broke at ${JSON.stringify(errand)}: ${report.broke}`);
    return report;
  }

  /**
   * Runs worlds in the order of their seeds, as many at a time as there are workers. `visit` gets each when it has ended
   * and says whether to begin further ones; those that were begun are waited for.
   */
  async each(seeds: Iterable<number>, visit: (done: Done) => boolean, mutant?: number): Promise<void> {
    const source = seeds[Symbol.iterator]();
    let more = true;
    const work = async (): Promise<void> => {
      while (more) {
        const next = source.next();
        if (next.done === true) return;
        const done = await this.run(mutant === undefined ? { seed: next.value } : { seed: next.value, mutant });
        if (!visit(done)) more = false;
      }
    };
    await Promise.all(Array.from({ length: this.size }, work));
  }

  close(): void {
    for (const worker of this.workers) worker.kill();
  }

  private send(worker: ChildProcess, errand: Errand): Promise<Report> {
    return new Promise((resolve, reject) => {
      const ended = (code: number | null, signal: NodeJS.Signals | null): void => {
        reject(new Error(`a worker ended (${String(code ?? signal)}) at ${JSON.stringify(errand)}`));
      };
      worker.once('exit', ended);
      worker.once('message', (report: Report) => {
        worker.off('exit', ended);
        resolve(report);
      });
      worker.send(errand);
    });
  }
}

/** The whole numbers from `first` on, `count` of them. */
export function* seedsFrom(first: number, count = Infinity): Generator<number> {
  for (let seed = first; seed < first + count; seed += 1) yield seed;
}
