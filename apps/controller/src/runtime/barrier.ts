/** Work side by side, except for some that is done alone: after all that was asked for before it, before all after it. */
export class Barrier {
  private readonly open = new Set<Promise<void>>();
  private last: Promise<void> = Promise.resolve();

  /** Begins when everything that was to be alone until now is over. */
  among(work: () => Promise<void>): Promise<void> {
    return this.track(this.last.then(work));
  }

  /** Begins when everything until now is over. */
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
