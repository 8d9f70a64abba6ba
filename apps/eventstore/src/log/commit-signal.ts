/** Tells subscriptions of a commit. It carries no data: they read new events from storage. */
export class CommitSignal {
  private readonly all = new Set<() => void>();
  private readonly byStream = new Map<string, Set<() => void>>();

  /**
   * @param stream only commits that touch this stream (or its metadata); undefined for every commit
   * @returns the function that ends the watch
   */
  watch(stream: string | undefined, listener: () => void): () => void {
    if (stream === undefined) {
      this.all.add(listener);
      return () => this.all.delete(listener);
    }
    const listeners = this.byStream.get(stream) ?? new Set();
    this.byStream.set(stream, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.byStream.get(stream) === listeners) this.byStream.delete(stream);
    };
  }

  /** Wakes the watchers of the streams that a group changed. */
  publish(changed: ReadonlySet<string>): void {
    for (const listener of this.all) listener();
    if (this.byStream.size === 0) return;
    for (const stream of changed) for (const listener of this.byStream.get(stream) ?? []) listener();
  }
}
