/** Each append that is held costs this much besides its payload, so that empty ones are not free either. */
const OVERHEAD_BYTES = 1_024;

/** Bounds the memory of unanswered appends, for all clients together. */
export class MemoryBudget {
  private used = 0;
  private accounts = 0;

  /** @param limit bytes */
  constructor(private readonly limit: number) {}

  /** Opens an account for one append. */
  account(): BudgetAccount {
    this.accounts += 1;
    return new BudgetAccount(
      (bytes) => this.reserve(bytes),
      () => {
        this.accounts -= 1;
      },
    );
  }

  /** Appends that are held. */
  get held(): number {
    return this.accounts;
  }

  /** Bytes in use. */
  get heldBytes(): number {
    return this.used;
  }

  private reserve(bytes: number): boolean {
    if (bytes > 0 && this.used + bytes > this.limit) return false;
    this.used += bytes;
    return true;
  }
}

export class BudgetAccount {
  private held = 0;
  private closed = false;

  constructor(
    private readonly reserve: (bytes: number) => boolean,
    private readonly leave: () => void,
  ) {}

  /** @returns false when there is no room for an append that has grown to so many bytes */
  grow(bytes: number): boolean {
    const more = bytes + OVERHEAD_BYTES - this.held;
    if (!this.reserve(more)) return false;
    this.held += more;
    return true;
  }

  /** Gives everything back; may be called again. */
  close(): void {
    this.reserve(-this.held);
    this.held = 0;
    if (this.closed) return;
    this.closed = true;
    this.leave();
  }
}
