/**
 * A bounded map that drops entries not used lately, except those that must be kept. Entries live in a young
 * generation; when that has half of the limit it becomes the old one, and what is left of the old one is dropped. To
 * use an entry moves it at most once a generation: a map that is reordered at each use is rehashed all the time.
 */
export class GenerationalCache<K, V> {
  private young = new Map<K, V>();
  private old = new Map<K, V>();

  /** @param limit entries at most, besides those that must be kept; the last used half of as many are always there. */
  constructor(
    private readonly limit: number,
    private readonly mustKeep?: (value: V) => boolean,
  ) {}

  get(key: K): V | undefined {
    const value = this.young.get(key);
    if (value !== undefined) return value;
    const promoted = this.old.get(key);
    if (promoted !== undefined) this.set(key, promoted);
    return promoted;
  }

  /** Like `get`, without counting as use. */
  peek(key: K): V | undefined {
    return this.young.get(key) ?? this.old.get(key);
  }

  *values(): Iterable<V> {
    yield* this.young.values();
    yield* this.old.values();
  }

  set(key: K, value: V): void {
    this.old.delete(key);
    this.young.set(key, value);
    if (this.young.size * 2 >= this.limit) this.age();
  }

  delete(key: K): void {
    this.young.delete(key);
    this.old.delete(key);
  }

  get size(): number {
    return this.young.size + this.old.size;
  }

  private age(): void {
    const { young, old, mustKeep } = this;
    this.young = new Map();
    this.old = young;
    if (mustKeep === undefined) return;
    for (const [key, value] of old) if (mustKeep(value)) young.set(key, value);
  }
}
