/** Hands items from one producer to one consumer in order, holding back the producer when too many wait. */
export class Inbox<T> {
  private items: T[] = [];
  private wakeConsumer: () => void = () => undefined;
  private wakeProducer: () => void = () => undefined;
  private ended: { readonly error: unknown } | undefined;

  /** @param limit items that may wait before `put` does. */
  constructor(private readonly limit: number) {}

  /** Nothing when there is room for another item, else what resolves when there is. */
  put(item: T): Promise<void> | undefined {
    this.items.push(item);
    this.wakeConsumer();
    if (this.items.length < this.limit || this.ended !== undefined) return undefined;
    return new Promise<void>((resolve) => {
      this.wakeProducer = resolve;
    });
  }

  /** Nothing more comes, because of an error or not. Nobody is held back any longer. */
  end(error?: unknown): void {
    this.ended ??= { error };
    this.wakeConsumer();
    this.wakeProducer();
  }

  /** True as soon as there is an item, false when nothing more comes. Throws what the producer ended with. */
  async some(): Promise<boolean> {
    while (this.items.length === 0 && this.ended === undefined) {
      await new Promise<void>((resolve) => {
        this.wakeConsumer = resolve;
      });
    }
    if (this.items.length > 0) return true;
    if (this.ended?.error !== undefined) throw this.ended.error as Error;
    return false;
  }

  /** Up to `count` items of those that are there. */
  take(count: number): readonly T[] {
    const taken = this.items.slice(0, count);
    this.items = this.items.slice(count);
    if (this.items.length < this.limit) this.wakeProducer();
    return taken;
  }
}
