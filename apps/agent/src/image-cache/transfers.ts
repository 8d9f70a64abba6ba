type Report = (fraction: number) => void;

interface Transfer {
  done: Promise<void>;
  readonly listeners: Set<Report>;
  fraction: number;
}

/** Transfers under way: a second request for the same image shares the transfer and its progress. */
export class Transfers {
  private readonly running = new Map<string, Transfer>();

  /** Waits for the transfer of this key, if one runs. @returns false when none does. */
  async joinRunning(key: string, onProgress: Report): Promise<boolean> {
    const transfer = this.running.get(key);
    if (transfer === undefined) return false;
    await this.follow(transfer, onProgress);
    return true;
  }

  /** @param start does the transfer and reports how far it is, 0 to 1; not called when one of this key runs. */
  join(key: string, onProgress: Report, start: (report: Report) => Promise<void>): Promise<void> {
    return this.follow(this.running.get(key) ?? this.begin(key, start), onProgress);
  }

  private async follow(transfer: Transfer, onProgress: Report): Promise<void> {
    onProgress(transfer.fraction);
    transfer.listeners.add(onProgress);
    await transfer.done;
    onProgress(1);
  }

  private begin(key: string, start: (report: Report) => Promise<void>): Transfer {
    const transfer: Transfer = { done: Promise.resolve(), listeners: new Set(), fraction: 0 };
    this.running.set(key, transfer);
    transfer.done = start((fraction) => {
      transfer.fraction = fraction;
      for (const listener of transfer.listeners) listener(fraction);
    }).finally(() => this.running.delete(key));
    return transfer;
  }
}
