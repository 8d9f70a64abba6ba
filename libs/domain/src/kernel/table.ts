import { own } from './own';

/**
 * A map that is replaced, not changed: `set` and `delete` copy one of 256 buckets and share the rest. States of streams
 * that grow (addresses, claims, reservations) stay values without costing a copy of everything for each event.
 */
type Bucket<V> = Readonly<Record<string, V>>;

const BUCKETS = 256;
/** The empty bucket, shared: most buckets of most tables are empty, and cost nothing. */
const NOTHING: Bucket<never> = Object.freeze({});
const EMPTY: readonly Bucket<never>[] = Array.from({ length: BUCKETS }, () => NOTHING);

function bucketOf(key: string): number {
  let hash = 0;
  for (let i = 0; i < key.length; i += 1) hash = (hash * 31 + key.charCodeAt(i)) | 0;
  return (hash ^ (hash >>> 8) ^ (hash >>> 16)) & (BUCKETS - 1);
}

export class Table<V> {
  private constructor(
    private readonly buckets: readonly Bucket<V>[],
    readonly size: number,
  ) {}

  static empty<V>(): Table<V> {
    return new Table<V>(EMPTY, 0);
  }

  static from<V>(entries: Iterable<readonly [string, V]>): Table<V> {
    const filled = new Map<number, Map<string, V>>();
    for (const [key, value] of entries) {
      const at = bucketOf(key);
      const bucket = filled.get(at) ?? new Map<string, V>();
      filled.set(at, bucket.set(key, value));
    }
    const buckets: Bucket<V>[] = EMPTY.slice();
    let size = 0;
    for (const [at, bucket] of filled) {
      buckets[at] = Object.fromEntries(bucket); // not assignment: names are the tenants' choice, and `__proto__` is one
      size += bucket.size;
    }
    return new Table<V>(buckets, size);
  }

  get(key: string): V | undefined {
    return own(this.buckets[bucketOf(key)] as Bucket<V>, key);
  }

  has(key: string): boolean {
    return Object.hasOwn(this.buckets[bucketOf(key)] as Bucket<V>, key);
  }

  set(key: string, value: V): Table<V> {
    const size = this.has(key) ? this.size : this.size + 1;
    return this.replaced(key, size, (bucket) => ({ ...bucket, [key]: value }));
  }

  delete(key: string): Table<V> {
    if (!this.has(key)) return this;
    return this.replaced(key, this.size - 1, ({ [key]: _gone, ...rest }) => rest);
  }

  private replaced(key: string, size: number, change: (bucket: Bucket<V>) => Bucket<V>): Table<V> {
    const at = bucketOf(key);
    const buckets = this.buckets.slice();
    buckets[at] = change(buckets[at] as Bucket<V>);
    return new Table<V>(buckets, size);
  }

  *entries(): IterableIterator<readonly [string, V]> {
    if (this.size === 0) return;
    for (const bucket of this.buckets) if (bucket !== NOTHING) yield* Object.entries(bucket);
  }

  *values(): IterableIterator<V> {
    if (this.size === 0) return;
    for (const bucket of this.buckets) if (bucket !== NOTHING) yield* Object.values(bucket);
  }

  /** As snapshots store it. */
  toJSON(): readonly (readonly [string, V])[] {
    return [...this.entries()];
  }
}
