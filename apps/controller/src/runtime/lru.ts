/**
 * A bounded map that drops entries not used lately, except those that must be kept. Entries live in a young
 * generation; when that has half of the limit it becomes the old one, and what is left of the old one is dropped. To
 * use an entry moves it at most once a generation: a map that is reordered at each use is rehashed all the time.
 */
export class Lru<V> {
  private young = new Map<string, V>();
  private old = new Map<string, V>();

  /** @param limit entries at most, besides those that must be kept; the last used half of as many are always there. */
  constructor(
    private readonly limit: number,
    private readonly mustKeep: (value: V) => boolean = () => false,
  ) {}

  get(key: string): V | undefined {
    const value = this.young.get(key);
    if (value !== undefined) return value;
    const promoted = this.old.get(key);
    if (promoted !== undefined) this.set(key, promoted);
    return promoted;
  }

  /** Like `get`, without counting as use. */
  peek(key: string): V | undefined {
    return this.young.get(key) ?? this.old.get(key);
  }

  set(key: string, value: V): void {
    this.old.delete(key);
    this.young.set(key, value);
    if (this.young.size * 2 >= this.limit) this.age();
  }

  get size(): number {
    return this.young.size + this.old.size;
  }

  private age(): void {
    const { young, old } = this;
    this.young = new Map();
    this.old = young;
    for (const [key, value] of old) if (this.mustKeep(value)) young.set(key, value);
  }
}
