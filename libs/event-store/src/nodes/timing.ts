/** Time as those see it who wait for a node. */
export interface Timing {
  /** Milliseconds since some moment; never goes back. */
  now(): number;
  /**
   * @param aside a timer that keeps no process alive
   * @returns what takes it back
   */
  after(ms: number, work: () => void, aside?: 'aside'): () => void;
}

export const systemTiming: Timing = {
  now: () => performance.now(),
  after: (ms, work, aside) => {
    const timer = setTimeout(work, ms);
    if (aside !== undefined) timer.unref();
    return () => {
      clearTimeout(timer);
    };
  },
};

export function pause(timing: Timing, ms: number, aside?: 'aside'): Promise<void> {
  return new Promise((resolve) => {
    timing.after(ms, resolve, aside);
  });
}
