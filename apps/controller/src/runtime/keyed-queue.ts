/** Runs work of one key in the order of the calls, one at a time; different keys run concurrently. */
export class KeyedQueue {
  private readonly tails = new Map<string, Promise<void>>();

  run(key: string, work: () => Promise<void>): Promise<void> {
    const before = this.tails.get(key);
    const run = before === undefined ? work() : before.then(work, work);
    this.tails.set(key, run);
    const clean = (): void => {
      if (this.tails.get(key) === run) this.tails.delete(key);
    };
    run.then(clean, clean);
    return run;
  }
}
