/** Calls that are open, so that a graceful stop can end each in the way that its client understands. */
export class ActiveCalls {
  private readonly enders = new Set<() => void>();

  /** @returns the function that forgets the call, to be called when it has ended */
  add(end: () => void): () => void {
    this.enders.add(end);
    return () => this.enders.delete(end);
  }

  /** Ends all open calls; calls that open later are the server's to refuse. */
  endAll(): void {
    for (const end of [...this.enders]) end();
    this.enders.clear();
  }
}
