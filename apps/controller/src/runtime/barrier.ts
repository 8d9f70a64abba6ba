/**
 * Runs work concurrently, except for exclusive work, which waits for everything before it and holds up everything after
 * it.
 */
export class Barrier {
  private readonly open = new Set<Promise<void>>();
  private last: Promise<void> = Promise.resolve();

  /** Runs concurrent work, after all earlier exclusive work. */
  among(work: () => Promise<void>): Promise<void> {
    return this.track(this.last.then(work));
  }

  /** Runs exclusive work, after all earlier work. */
  alone(work: () => Promise<void>): Promise<void> {
    const before = [...this.open];
    const run = Promise.allSettled(before).then(work);
    this.last = run.catch(() => undefined);
    return this.track(run);
  }

  private track(run: Promise<void>): Promise<void> {
    const forget = (): void => {
      this.open.delete(over);
    };
    const over = run.then(forget, forget);
    this.open.add(over);
    return run;
  }
}
