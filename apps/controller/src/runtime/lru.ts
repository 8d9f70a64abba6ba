/** A bounded map that lets go of what was used longest ago, except of what must be kept. */
export class Lru<V> {
  private readonly entries = new Map<string, V>();

  constructor(
    private readonly limit: number,
    private readonly mustKeep: (value: V) => boolean = () => false,
  ) {}

  get(key: string): V | undefined {
    const value = this.entries.get(key);
    if (value === undefined) return undefined;
    this.entries.delete(key);
    this.entries.set(key, value);
    return value;
  }

  /** Like `get`, without counting as use. */
  peek(key: string): V | undefined {
    return this.entries.get(key);
  }

  set(key: string, value: V): void {
    this.entries.delete(key);
    this.entries.set(key, value);
    if (this.entries.size > this.limit) this.evict();
  }

  get size(): number {
    return this.entries.size;
  }

  private evict(): void {
    for (const [key, value] of this.entries) {
      if (this.entries.size <= this.limit) return;
      if (!this.mustKeep(value)) this.entries.delete(key);
    }
  }
}
