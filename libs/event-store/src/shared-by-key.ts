/** One shared object for each key: the first user makes it, the last one closes it. */
export class SharedByKey<T> {
  private readonly shared = new Map<string, { readonly thing: T; holders: number }>();

  take(key: string, make: () => T): T {
    const entry = this.shared.get(key) ?? { thing: make(), holders: 0 };
    entry.holders += 1;
    this.shared.set(key, entry);
    return entry.thing;
  }

  /** @returns the thing when nobody holds it any more: it is the caller's to end */
  release(key: string): T | undefined {
    const entry = this.shared.get(key);
    if (entry === undefined) return undefined;
    entry.holders -= 1;
    if (entry.holders > 0) return undefined;
    this.shared.delete(key);
    return entry.thing;
  }
}
