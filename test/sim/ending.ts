/** The end of something that others wait beside. Lighter than an AbortSignal: a world has thousands. */
export class Ending {
  private error: Error | undefined;
  private readonly listeners = new Set<(reason: Error) => void>();

  get reason(): Error | undefined {
    return this.error;
  }

  end(reason: Error): void {
    if (this.error !== undefined) return;
    this.error = reason;
    for (const listener of [...this.listeners]) listener(reason);
    this.listeners.clear();
  }

  /** Calls that at the end; at once, if it has come. Returns what takes it back. */
  watch(listener: (reason: Error) => void): () => void {
    if (this.error !== undefined) listener(this.error);
    else this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }
}
