/** What is needed of an object-mode Readable. */
export interface ItemSource {
  readonly readableLength: number;
  read(): unknown;
  on(event: 'readable' | 'end', listener: () => void): unknown;
  on(event: 'error', listener: (error: unknown) => void): unknown;
}

/** A note that belongs between two items of a stream. */
interface Mark<M> {
  /** How many items come before it. */
  readonly after: number;
  readonly message: M;
}

/**
 * Reads an object stream whose source announces things out of band (checkpoint, caught up) while items that came before
 * the announcement are still in the stream's buffer. Each announcement is yielded at its place among the items: after
 * all that were in the buffer when it was made. That takes exact counting, so the stream is read by `read()` and not
 * by its own iterator, which holds one item that no counter sees.
 */
export class MarkedStream<T, M> {
  private readonly marks: Mark<M>[] = [];
  private taken = 0;
  private ended = false;
  private failure: { readonly error: unknown } | undefined;
  private wake: (() => void) | undefined;

  constructor(private readonly source: ItemSource) {
    const wake = (): void => {
      this.wake?.();
    };
    source.on('readable', wake);
    source.on('end', () => {
      this.ended = true;
      wake();
    });
    // Stays registered: an error after the reader has left must not end the process.
    source.on('error', (error) => {
      this.failure ??= { error };
      wake();
    });
  }

  /** Places a message behind everything that the source has produced so far; it replaces an equal kind at that place. */
  mark(message: M, replaces: (earlier: M) => boolean): void {
    const after = this.taken + this.source.readableLength;
    const last = this.marks.at(-1);
    if (last?.after === after && replaces(last.message)) this.marks.pop();
    this.marks.push({ after, message });
    this.wake?.();
  }

  /**
   * Items and messages in order, until the signal aborts or the source ends.
   * @throws what the source failed with, after all that came before the failure
   */
  async *read(signal: AbortSignal): AsyncGenerator<{ readonly item: T } | { readonly message: M }> {
    const wake = (): void => {
      this.wake?.();
    };
    signal.addEventListener('abort', wake);
    try {
      while (!signal.aborted) {
        const next = this.next();
        if (next !== undefined) yield next;
        else if (this.failure !== undefined) throw this.failure.error;
        else if (this.ended) return;
        else await this.sleep();
      }
    } finally {
      signal.removeEventListener('abort', wake);
    }
  }

  private next(): { readonly item: T } | { readonly message: M } | undefined {
    const [mark] = this.marks;
    if (mark !== undefined && mark.after <= this.taken) {
      this.marks.shift();
      return { message: mark.message };
    }
    const item = this.source.read() as T | null;
    if (item === null) return undefined;
    this.taken += 1;
    return { item };
  }

  private async sleep(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.wake = resolve;
    });
    this.wake = undefined;
  }
}
