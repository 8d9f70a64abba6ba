/** Writes JSON up to some characters: what it has cost ends there, too, however large the value is. */
class Excerpt {
  private text = '';

  constructor(
    private readonly most: number,
    private readonly isSecret: (key: string) => boolean,
  ) {}

  of(value: unknown): string {
    this.write(value);
    return this.text.length > this.most ? `${this.text.slice(0, this.most)}…` : this.text;
  }

  private get isFull(): boolean {
    return this.text.length > this.most;
  }

  private write(value: unknown): void {
    if (typeof value === 'string') this.text += JSON.stringify(value.slice(0, this.most));
    else if (Array.isArray(value))
      this.writeAll(
        '[',
        value,
        (item) => {
          this.write(item);
        },
        ']',
      );
    else if (typeof value === 'object' && value !== null)
      this.writeAll(
        '{',
        Object.keys(value),
        (key) => {
          this.writeField(key, Reflect.get(value, key));
        },
        '}',
      );
    else this.text += String(value);
  }

  private writeField(key: string, value: unknown): void {
    this.write(key);
    this.text += ':';
    this.write(this.isSecret(key) ? '***' : value);
  }

  private writeAll<T>(open: string, items: readonly T[], write: (item: T) => void, close: string): void {
    this.text += open;
    for (const [i, item] of items.entries()) {
      if (i > 0) this.text += ',';
      write(item);
      if (this.isFull) return;
    }
    this.text += close;
  }
}

/** The beginning of a value's JSON, with `***` for what secret keys hold. */
export const excerptOf = (value: unknown, most: number, isSecret: (key: string) => boolean): string =>
  new Excerpt(most, isSecret).of(value);
