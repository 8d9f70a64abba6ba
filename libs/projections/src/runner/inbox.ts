/** Hands items from one producer to one consumer in order, holding back the producer when too many wait. */
export class Inbox<T> {
  private items: T[] = [];
  private wakeConsumer: () => void = () => undefined;
  private wakeProducer: () => void = () => undefined;
  private ended: { readonly error: unknown } | undefined;

  /** @param limit items that may wait before `put` does. */
  constructor(private readonly limit: number) {}

  /** Resolves when there is room for another item. */
  async put(item: T): Promise<void> {
    this.items.push(item);
    this.wakeConsumer();
    if (this.items.length < this.limit || this.ended !== undefined) return;
    await new Promise<void>((resolve) => {
      this.wakeProducer = resolve;
    });
  }

  /** Nothing more comes: `some` throws the error once the items are used up. Nobody is held back any longer. */
  end(error: unknown): void {
    this.ended ??= { error };
    this.wakeConsumer();
    this.wakeProducer();
  }

  /** Resolves when there is an item. */
  async some(): Promise<void> {
    while (this.items.length === 0) {
      if (this.ended !== undefined) throw this.ended.error;
      await new Promise<void>((resolve) => {
        this.wakeConsumer = resolve;
      });
    }
  }

  /** Up to `count` items of those that are there. */
  take(count: number): readonly T[] {
    const taken = this.items.slice(0, count);
    this.items = this.items.slice(count);
    if (this.items.length < this.limit) this.wakeProducer();
    return taken;
  }
}
